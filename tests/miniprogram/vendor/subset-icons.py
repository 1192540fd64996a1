"""Writes icons.json: the icon font reduced to the icons in use, with glyphs at TDesign's own code points.

Needs fonttools and brotli, and the full font from npm tdesign-icons-web-components (esm/iconfont/t.ttf, MIT):

    node ../harness/icon-names.mjs | python subset-icons.py t.ttf

Its code points differ from the component library's, so glyphs are taken by name and mapped again.
"""

import base64
import io
import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

wanted = json.load(sys.stdin)  # {name: code point in hex}
font = TTFont(sys.argv[1], recalcTimestamp=False)
there = set(font.getGlyphOrder())
glyphs = {name: code for name, code in wanted.items() if name in there}
for table in font["cmap"].tables:
    table.cmap = {int(code, 16): name for name, code in glyphs.items()} if table.format in (4, 12) else {}
options = subset.Options(flavor="woff2", glyph_names=False, notdef_outline=True, layout_features=[])
cutter = subset.Subsetter(options)
cutter.populate(unicodes=[int(code, 16) for code in glyphs.values()])
cutter.subset(font)
font.flavor = "woff2"
out = io.BytesIO()
font.save(out)
absent = sorted(set(wanted) - set(glyphs))
packed = base64.b64encode(out.getvalue()).decode()
# Icons that the font never had stay in the list: their rule shows nothing, as it does upstream.
facts = {"font": packed, "glyphs": dict(sorted(wanted.items())), "absent": absent}
Path(__file__).with_name("icons.json").write_text(json.dumps(facts, indent=1) + "\n")
print(f"{len(glyphs)} icons, absent: {absent}")
