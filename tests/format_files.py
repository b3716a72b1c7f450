"""Files of every format, made of the same few articles of an invented newspaper."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

PAPER = "青屿工人报"
BOOKS = (
    "职工书屋开进港口宿舍",
    "本报讯（记者苏禾 通讯员叶知秋）青屿市总工会昨日在港口宿舍区开放职工书屋，首批上架图书三千余册。",
    "书屋由一间旧仓库改建，保留了木梁和货运编号，墙上挂着几代装卸工人留下的工具。",
)
CONTEST = (
    "车床前的六个小时",
    "本报讯（记者林见山）岚桥机械厂第三车间的技术比武昨天落幕，二十六名选手在车床前较量了六个小时。",
    "厂工会决定把比武的题目编成教材，发给每一个班组。",
)


def page(*articles: tuple[str, ...], head: str = "") -> str:
    """Articles as Markdown."""
    texts = [f"# {title}\n\n" + "\n\n".join(body) for title, *body in articles]
    return "\n\n".join(filter(None, (head, *texts))) + "\n"


def marker() -> str:
    """Two pages as Marker writes them."""
    first = page(BOOKS, head="![](_page_0_Picture_1.jpeg)\n\n青屿工人报 2024年5月10日 第1版 要闻")
    pages = enumerate((first, page(CONTEST, head="第2版 综合")))
    return "".join(f"\n\n{{{number}}}{'-' * 48}\n\n{text}" for number, text in pages)


def paddle() -> str:
    """Two pages as PaddleOCR writes them."""
    picture = '<div style="text-align: center;"><img src="imgs/img_in_image_box_1.jpg" alt="Image" width="40%" /></div>'
    first = page(BOOKS, head=f"{picture}\n\n青屿工人报 2024年5月10日 第1版 要闻")
    return f"{first}\f{page(CONTEST, head='第2版 综合')}"


def docling() -> str:
    """Two pages as docling writes them."""
    first = page(BOOKS, head="青屿工人报 2024年5月10日 第1版 要闻\n\n<!-- image -->")
    return f"{first}\n<!-- page break -->\n\n{page(CONTEST, head='第2版 综合')}"


def by_headings() -> str:
    """Two pages under headings of their own, as people write them."""
    return f"青屿工人报 2024年5月10日\n\n# 第1版：要闻\n\n{page(BOOKS)}\n# 第2版：综合\n\n{page(CONTEST)}"


def content_list() -> str:
    """Two pages as MinerU lists them."""
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": "青屿工人报 2024年5月10日 第1版 要闻", "page_idx": 0},
        {"type": "text", "text": BOOKS[0], "text_level": 1, "page_idx": 0, "bbox": [62, 480, 946, 904]},
        *({"type": "text", "text": text, "page_idx": 0} for text in BOOKS[1:]),
        {"type": "text", "text": CONTEST[0], "text_level": 1, "page_idx": 1},
        *({"type": "text", "text": text, "page_idx": 1} for text in CONTEST[1:]),
        {"type": "header", "text": "第2版 综合", "page_idx": 1},
        {"type": "page_number", "text": "2", "page_idx": 1},
    ]
    return json.dumps(blocks, ensure_ascii=False)


FOUNDER_NODE = """<html><head><title>青屿工人报</title></head><body>
<img src="../../../images/2024-05/10/02/page.jpg" width="400" height="600" border="0" usemap="#PagePicMap">
<map name="PagePicMap"><area shape="polygon" coords="0,0,200,0,200,300,0,300" href="content_1_1001.htm">
<area shape="rect" coords="200,300,400,600" href="content_1_1002.htm?div=-1"></map>
<a id="pageLink" href="node_1.htm">第01版：要闻</a><a id="pageLink" href="node_2.htm">第02版：综合</a>
<a href="content_1_1001.htm">职工书屋</a><a href="../../../page/2024-05/10/02/page.pdf">PDF</a></body></html>
"""

FOUNDER = f"""<html><head><title>青屿工人报</title><script>var x = "<p>";</script></head><body>
<!--enpproperty <founder-date>2024-05-10</founder-date><founder-author></founder-author>
<founder-title>{BOOKS[0]}</founder-title><founder-subtitle>——三千册图书等着装卸工</founder-subtitle>
<founder-introtitle>从宿舍到书桌</founder-introtitle><founder-keyword/> /enpproperty-->
<div class="nav"><a href="node_2.htm">上一篇</a></div>
<div id="ozoom"><founder-content><p>　　■ 本报记者 苏禾 通讯员 叶知秋</p><p>　　{BOOKS[1].split("）")[1]}</p>
<P>　　书屋由一间<b>旧仓库</b>改建，保留了木梁和货运编号，<br>墙上挂着几代装卸工人留下的工具。</P></founder-content>
</div>
<div>版权所有</div></body></html>
"""

FOUNDER_CMS = f"""<html><head><title>青屿工人报</title></head><body>
<!--enpproperty <articleid>7</articleid><date>2024-05-10 08:00:00:0</date><author>林见山</author>
<title>{CONTEST[0]}</title>
<keyword></keyword><subtitle></subtitle><introtitle></introtitle><nodename>第02版：综合</nodename>/enpproperty-->
<h1>{CONTEST[0]}</h1><div><!--enpcontent--><P>　　{CONTEST[1].split("）")[1]}</P>
<P>　　{CONTEST[2]}</P><!--/enpcontent--></div></body></html>
"""

WORKERS = f"""<html><head><title>青屿工人报-{CONTEST[0]}</title></head><body><div id="pretitle">比武</div>
<div id="ctitle">{CONTEST[0]}</div><div id="ccontent"><p>　　本报记者 林见山</p><p>　　{CONTEST[1].split("）")[1]}</p>
<p>{CONTEST[2]}</p></div></body></html>
"""

ALTO = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><sourceImageInformation><fileName>0001.jpg</fileName>
</sourceImageInformation></Description><Layout><Page ID="P1" WIDTH="1000" HEIGHT="2000"><PrintSpace>
<TextBlock ID="H" HPOS="0" VPOS="0" WIDTH="1000" HEIGHT="50"><TextLine><String CONTENT="青屿工人报" WC="0.9"/>
</TextLine></TextBlock>
<TextBlock ID="T1" HPOS="100" VPOS="100" WIDTH="400" HEIGHT="100"><TextLine><String CONTENT="职工书屋" WC="1.0"/>
<String CONTENT="开进港口宿舍" WC="0.8"/></TextLine></TextBlock>
<TextBlock ID="B1" HPOS="100" VPOS="200" WIDTH="400" HEIGHT="300">
<TextLine><String CONTENT="本报讯（记者苏禾" WC="0.6"/><SP/>
<String CONTENT="通讯员叶知秋）青屿市总工会昨日在港口宿舍" WC="0.8"/></TextLine>
<TextLine><String CONTENT="区开放职工书屋，首批上架图书三千余册。" WC="0.8"/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>
"""

METS = """<?xml version="1.0" encoding="UTF-8"?>
<mets xmlns="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">
<dmdSec ID="D1"><mdWrap MDTYPE="MODS"><xmlData><mods:mods><mods:titleInfo><mods:title>青屿工人报</mods:title>
</mods:titleInfo><mods:originInfo><mods:dateIssued>2024-05-10</mods:dateIssued></mods:originInfo></mods:mods>
</xmlData></mdWrap></dmdSec>
<fileSec><fileGrp USE="Text"><file ID="A1"><FLocat LOCTYPE="URL" xlink:href="file://./alto/0001.xml"/></file></fileGrp></fileSec>
<structMap TYPE="PHYSICAL"><div TYPE="Newspaper"><div TYPE="PAGE" ORDER="3"><fptr><area FILEID="A1"/></fptr></div></div>
</structMap><structMap TYPE="LOGICAL"><div TYPE="ISSUE"><div TYPE="CONTENT"><div TYPE="ARTICLE" LABEL="职工书屋">
<div TYPE="HEADING"><fptr><area FILEID="A1" BETYPE="IDREF" BEGIN="T1"/></fptr></div>
<div TYPE="BODY"><div TYPE="TEXTBLOCK"><fptr><area FILEID="A1" BETYPE="IDREF" BEGIN="B1"/></fptr></div></div>
</div></div></div></structMap></mets>
"""


def zipped(members: dict[str, str | bytes]) -> bytes:
    """An archive of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def word() -> bytes:
    """A Word document with a heading, two paragraphs and a table."""
    import docx

    document = docx.Document()
    document.add_paragraph("青屿工人报 2024年5月10日 第1版 要闻")
    document.add_heading(BOOKS[0], 1)
    for text in BOOKS[1:]:
        document.add_paragraph(text)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "书屋地址", "港口路七号"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF with a text layer: no font is embedded, only the codes of the characters and what they mean."""
    codes = {character: code for code, character in enumerate(dict.fromkeys("".join(pages)), 1)}
    meanings = "\n".join(f"<{code:04X}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items())
    ranges = f"{len(codes)} beginbfchar\n{meanings}\nendbfchar"
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{ranges}\nendcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [4 0 R]"
        " /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        " /Supplement 0 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >> >>",
        _stream(cmap),
    ]
    for number, text in enumerate(pages):
        lines = (f"<{''.join(f'{codes[c]:04X}' for c in line)}> Tj 0 -20 Td" for line in text.splitlines())
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 900] /Contents {7 + 2 * number} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>",
            _stream(f"BT /F 10 Tf 40 800 Td {' '.join(lines)} ET"),
        ]
    out = "%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode("ascii")


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def files() -> dict[str, bytes]:
    """One file of each format, by a path that says the day and page; ALTO and site pages with what they need."""
    two = "\n".join(("青屿工人报 2024年5月10日 第1版", BOOKS[0], *BOOKS[1:]))
    texts: dict[str, str] = {
        "marker/issue.md": marker(), "paddle/issue.md": paddle(), "docling/issue.md": docling(),
        "hand/issue.txt": by_headings(), "mineru/issue_content_list.json": content_list(),
        "html/2024-05/10/node_2.htm": FOUNDER_NODE, "html/2024-05/10/content_1_1001.htm": FOUNDER,
        "html/2024-05/10/content_1_1002.htm": FOUNDER_CMS, "papers/2024/05/10/2/news-1.html": WORKERS,
        "mets/mets.xml": METS, "mets/alto/0001.xml": ALTO, "alto/2024-05-10_03.xml": ALTO,
        "lines/articles.jsonl": json.dumps({"title": BOOKS[0], "body": BOOKS[1]}),
    }
    found = {name: text.encode("utf-8") for name, text in texts.items()}
    found |= {"pdf/issue.pdf": pdf(two, "\n".join(CONTEST)), "word/2024-05-10_01.docx": word()}
    return found | {"zip/site.zip": zipped({name: content for name, content in found.items() if "html" in name})}


def written(folder: Path, contents: dict[str, bytes]) -> Path:
    """The files written below a folder."""
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
