/// How a flame graph's page looks. Constant, so that the page can name its digest as the only style allowed.
enum FlameStyle {
  /// SHA-256 of `text` in base64, for the page's Content-Security-Policy; a test computes it anew.
  static let digest = "k99Mc+w/eWuGRIG/2KPD/x10Muz9H01b3XkNfyBixvw="

  /// The style sheet. Contrast of text on every box is at least 4.5 to 1 in both themes (WCAG 2.1 AA).
  static let text = """

    :root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1f;--faint:#5a5a66;--line:#c9c9d2;--ink:#1b1b1f;--mark:#8a2be2;
    --p0:#f6b26b;--p1:#f4a261;--p2:#f7c47f;--p3:#f2a07b;--p4:#f9cb9c;--p5:#eeb58f;--a:#8ec5f0;--k:#c9b6ea;--u:#d0d0d6;
    --all:#e4e4ea}
    @media(prefers-color-scheme:dark){:root{--bg:#17171b;--fg:#ececf1;--faint:#a9a9b6;--line:#44444f;--ink:#f4f4f8;
    --mark:#d9a6ff;--p0:#8a4b12;--p1:#93430f;--p2:#7d5212;--p3:#8c3d1c;--p4:#76490f;--p5:#83481f;--a:#1d5f95;--k:#5b4190;
    --u:#51515b;--all:#33333c}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:1rem;max-width:1600px;background:var(--bg);color:var(--fg);
    font:15px/1.45 system-ui,sans-serif}
    h1{font-size:1.3rem;margin:0 0 .3rem;overflow-wrap:anywhere}
    h2{font-size:1.05rem;margin:1.4rem 0 .4rem;overflow-wrap:anywhere}
    p{margin:.3rem 0;overflow-wrap:anywhere}
    .faint,li{color:var(--faint)}
    ul{padding-left:1.2rem}
    li{overflow-wrap:anywhere}
    fieldset{border:0;margin:.5rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1rem}
    legend{float:left;padding:0 1rem 0 0}
    .bar{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.6rem 0}
    input[type=search]{flex:1 1 12rem;min-width:0;max-width:26rem}
    input,button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:4px;
    padding:.25rem .6rem}
    output{display:block;min-height:2.9em;overflow-wrap:anywhere;color:var(--faint)}
    .key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;color:var(--faint);font-size:.87rem}
    .key svg{vertical-align:-2px;margin-right:.3rem}
    svg.flame{display:block}
    .f{cursor:pointer;outline:0}
    .f text{font:11.5px ui-monospace,monospace;fill:var(--ink);pointer-events:none}
    .f rect{stroke:var(--bg);stroke-width:.4}
    .f:hover rect,.f:focus rect{stroke:var(--fg);stroke-width:2.5}
    .off{display:none}
    .up{opacity:.6}
    .dim rect{opacity:.35}
    .hit rect{stroke:var(--mark);stroke-width:3}
    .p0 rect{fill:var(--p0)}.p1 rect{fill:var(--p1)}.p2 rect{fill:var(--p2)}.p3 rect{fill:var(--p3)}
    .p4 rect{fill:var(--p4)}.p5 rect{fill:var(--p5)}.a rect{fill:var(--a)}.k rect{fill:var(--k)}.u rect{fill:var(--u)}
    .all rect{fill:var(--all)}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-size:.9rem}
    th,td{text-align:right;padding:.2rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
    th:first-child,td:first-child{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:14rem}
    @media print{.bar,fieldset,output{display:none}}

    """
}
