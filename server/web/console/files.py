"""Files on the console: added to a record from its page, and handed out as attachments."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from server import files
from server.people import Permission
from server.web.console.pages import go_to
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.handing_out import hand_out
from server.web.door.operations import actor_of
from server.web.door.problems import TooBig
from server.web.door.uploading import one_file

blueprint = Blueprint("console_files", url_prefix="/files")
PAGES = {  # of the records that have files
    "meeting": "/console/meetings",
    "month_report": "/console/month-reports",
    "topic_answer": "/console/topic-calls/answers",
    "proof": "/console/obligations/proofs",
}


@blueprint.get("/<file_id:uuid>", name="file", ctx_guard=desk(Permission.SEE_OBLIGATIONS))
async def send_file(request: Request, file_id: UUID) -> None:
    """Send a file as it came, to who may see its record."""
    await hand_out(request, await files.file_seen_by(actor_of(request), file_id))


@blueprint.post(
    "/<subject_kind:str>/<subject_id:uuid>",
    name="add",
    stream=True,
    ctx_guard=desk(Permission.HAND_IN, max_bytes=None, csrf=True),
)
async def add_file(request: Request, subject_kind: str, subject_id: UUID) -> HTTPResponse:
    """Add a file to a record of one's own organisation."""
    actor, tools = actor_of(request), tools_of(request)
    await files.check_adds(actor, subject_kind, subject_id)
    names: list[str] = []
    pieces = one_file(request, "file", max_bytes=files.MAX_BYTES, what="文件", note_name=names.append)
    now = tools.clock.now()
    try:
        arrival = await files.receive_unhashed(pieces, by=actor, now=now, tools=tools)
    except TooBig as error:
        raise files.FileTooBig from error
    await files.add_file(
        arrival, name=names[0], subject_kind=subject_kind, subject_id=subject_id, by=actor, now=now
    )
    return go_to(request, f"{PAGES[subject_kind]}/{subject_id}")
