"""scripts/open-share: what a key-holder and a reader do on their own machines, without network or server.

keygen FILE                            make a key pair: FILE stays on your own stick, FILE.pub is handed in
fingerprint FILE.pub                   print what you read to the administrator over the telephone
answer REQUEST --key FILE --holder A   look at a request to open an envelope and answer it
read PACKAGE --key FILE                read who reported, as the named reader
hand-on FILE --key FILE                hand a leaving holder's halves to the successor; writes FILE.handed-on
check FILE.handed-on --key FILE        check, as the successor before handing in, that your key opens all of them
drill FILE --key FILE                  show once a month that your key is there and opens
"""

import argparse
import os
import sys
from pathlib import Path

import msgspec

from server.gateways.escrow import envelopes, keys
from server.gateways.escrow.papers import (
    Drill,
    HandOver,
    Opened,
    Request,
    answer_of,
    answer_text,
    envelope_of,
)

AGREED = "同意"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="open-share", description=__doc__)
    doing = parser.add_subparsers(dest="do", required=True)
    for name, act in {
        "keygen": _keygen,
        "fingerprint": _fingerprint,
        "answer": _answer,
        "read": _read,
        "hand-on": _hand_on,
        "check": _check,
        "drill": _drill,
    }.items():
        one = doing.add_parser(name)
        one.add_argument("file", type=Path)
        if name not in ("keygen", "fingerprint"):
            one.add_argument("--key", type=Path, required=True)
        if name == "answer":
            one.add_argument("--holder", choices=envelopes.HOLDERS, required=True)
        one.set_defaults(act=act)
    given = parser.parse_args(arguments)
    try:
        given.act(given)
    except (envelopes.EnvelopeBroken, keys.NotAKey, msgspec.MsgspecError):
        print("打不开：文件或密钥不对，或内容被改动过。请核对后重试，不要勉强答复。", file=sys.stderr)
        return 1
    return 0


def _keygen(given: argparse.Namespace) -> None:
    private, public = keys.new_key()
    with os.fdopen(os.open(given.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(private + "\n")
    given.file.with_name(given.file.name + ".pub").write_text(public + "\n", "utf-8")
    print(f"私钥：{given.file}（只存在自己的U盘里，锁好，不要给任何人）")
    print(
        f"公钥：{given.file}.pub（交给系统管理员）\n指纹：{keys.fingerprint(public)}（电话里念给管理员核对）"
    )


def _fingerprint(given: argparse.Namespace) -> None:
    print(keys.fingerprint(given.file.read_text("utf-8")))


def _answer(given: argparse.Namespace) -> None:
    request = msgspec.json.decode(given.file.read_bytes(), type=Request)
    envelope = envelope_of(request.envelope, digest=request.digest)
    told = {
        "上报": request.receipt_number,
        "理由": f"{request.reason}：{request.words}",
        "文号": request.file_number,
        "申请日期": request.asked_on,
        "由谁阅读": f"{request.reader_name}，公钥指纹 {keys.fingerprint(request.reader_key)}",
        "信封指纹": request.digest,
    }
    for name, words in told.items():
        print(f"{name}：{words}")
    print(f"请先在操作日志里核对信封指纹。同意打开请输入“{AGREED}”：", end="", flush=True)
    if sys.stdin.readline().strip() != AGREED:
        print("没有答复。")
        return
    private = given.key.read_text("utf-8")
    given_answer = envelopes.answer(envelope, holder=given.holder, private=private, reader=request.reader_key)
    print("把下面一整段交回改革办，只有指定的阅读人能用：")
    print(answer_text(given_answer))


def _read(given: argparse.Namespace) -> None:
    opened = msgspec.json.decode(given.file.read_bytes(), type=Opened)
    one, other = map(answer_of, opened.answers)
    envelope = envelope_of(opened.envelope)
    print(envelopes.read_identity(envelope, answers=(one, other), private=given.key.read_text("utf-8")))


def _hand_on(given: argparse.Namespace) -> None:
    """Write nothing before everything is done, so that an interrupted holder simply starts again."""
    paper = msgspec.json.decode(given.file.read_bytes(), type=HandOver)
    print(f"把{len(paper.halves)}个身份信封中保管人{paper.letter}的份额交给：{paper.successor}")
    print(f"继任人公钥指纹 {keys.fingerprint(paper.successor_key)}（请先打电话向继任人核对）")
    print(f"交接不会打开任何信封。同意请输入“{AGREED}”：", end="", flush=True)
    if sys.stdin.readline().strip() != AGREED:
        print("没有交接。")
        return
    private, handed = given.key.read_text("utf-8"), []
    for place, one in enumerate(paper.halves, start=1):
        handed.append(envelopes.hand_on(one, private=private, successor=paper.successor_key))
        print(f"\r{place}/{len(paper.halves)}", end="", file=sys.stderr, flush=True)
    done = given.file.with_name(given.file.name + ".handed-on")
    unfinished = done.with_name(done.name + ".part")
    unfinished.write_bytes(msgspec.json.encode(msgspec.structs.replace(paper, halves=handed)))
    unfinished.replace(done)
    print(f"\n已写入 {done.name}。先请继任人用 open-share check 核对，再交给系统管理员。")


def _check(given: argparse.Namespace) -> None:
    paper, private = msgspec.json.decode(given.file.read_bytes(), type=HandOver), given.key.read_text("utf-8")
    for one in paper.halves:
        envelopes.proof(one, private=private)
    print(f"{len(paper.halves)}个信封的份额都能用这把私钥打开，可以交给系统管理员。")


def _drill(given: argparse.Namespace) -> None:
    paper = msgspec.json.decode(given.file.read_bytes(), type=Drill)
    proof = envelopes.proof(paper.halves, private=given.key.read_text("utf-8"))
    print(f"{paper.began_on}的演练，保管人{paper.letter}的私钥能用。请把下面一行交回改革办：")
    print(proof)


if __name__ == "__main__":
    sys.exit(main())
