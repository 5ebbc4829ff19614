import EngineSupport

/// The one style sheet of the report: screen, dark screens, and paper.
enum StyleSheet {
  /// The root's short form, hexadecimal digits, stands at the foot of each printed page.
  static func text(root: ContentDigest) -> String { text(foot: "evidence root \(root.short)") }

  /// For the page of a test run, which has a plan and no evidence root.
  static func text(plan: ContentDigest) -> String { text(foot: "plan \(plan.short)") }

  private static func text(foot: String) -> String {
    screen + dark + """

      @page {
        size: A4; margin: 16mm 15mm 18mm;
        @bottom-left { content: "\(foot)"; font: 8pt sans-serif; color: #444; }
        @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #444; }
      }
      """ + paper
  }

  /// For the page of a threat language, which has no evidence root.
  static var languageText: String {
    screen + dark
      + """

      .step { border-left: 3px solid var(--line); padding: 0 0 0 0.9rem; margin: 1rem 0; }
      .step h4 { margin: 0; }
      .step dl.title-block { font-size: 0.85rem; margin: 0.3rem 0 0; border-top: none; }
      :target { outline: 2px solid var(--link); outline-offset: 4px; }
      @page {
        size: A4; margin: 16mm 15mm 18mm;
        @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #444; }
      }
      """ + paper
        + """

        @media print { .step { break-inside: avoid; } }
        """
  }

  private static let screen = """
    :root { color-scheme: light dark; --ink: #1a1f24; --faint: #55606b; --line: #cfd6dc;
      --soft: #f3f5f7; --ground: #ffffff; --link: #0b4f9e; }
    * { box-sizing: border-box; }
    html { font: 16px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: var(--ink);
      background: var(--ground); }
    body { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
    h1, h2, h3, h4 { line-height: 1.2; text-wrap: balance; break-after: avoid; }
    h1 { font-size: 2.1rem; margin: 0.1rem 0 1rem; }
    h2 { font-size: 1.5rem; margin: 0 0 1rem; padding-top: 1.2rem; border-top: 3px solid var(--ink); }
    h3 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
    h4 { font-size: 1rem; margin: 1.5rem 0 0.4rem; }
    h2 .number { display: inline-block; min-width: 2.2rem; color: var(--faint); font-weight: normal; }
    p { margin: 0.5rem 0; max-width: 46rem; }
    p.kind { text-transform: uppercase; letter-spacing: 0.08em; font-size: 0.85rem; color: var(--faint);
      margin: 0; }
    p.note, figcaption, .small { color: var(--faint); font-size: 0.85rem; }
    p.end { text-align: center; color: var(--faint); margin-top: 3rem; }
    a { color: var(--link); }
    code { font: 0.85em "Liberation Mono", Consolas, Menlo, monospace; unicode-bidi: isolate; }
    td, th, li, dd, p, figcaption { unicode-bidi: isolate; }
    dl.title-block { display: grid; gap: 0; margin: 0 0 0.75rem; border-top: 1px solid var(--line); }
    dl.title-block div { display: grid; grid-template-columns: 10rem 1fr; padding: 0.3rem 0;
      border-bottom: 1px solid var(--line); }
    dt { color: var(--faint); }
    dd { margin: 0; }
    nav ol { columns: 2; padding-left: 1.6rem; margin: 1.25rem 0 2rem; }
    nav li { break-inside: avoid; }
    section { margin: 3rem 0; }
    ul { padding-left: 1.2rem; margin: 0.4rem 0; }
    .scroll { overflow-x: auto; margin: 1rem 0; }
    table { border-collapse: collapse; width: 100%; font-size: 0.85rem; line-height: 1.4; }
    caption { text-align: left; font-weight: bold; padding: 0 0 0.35rem; }
    th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.7rem 0.3rem 0;
      border-bottom: 1px solid var(--line); }
    th, td { overflow-wrap: break-word; }
    th.long, td.long { overflow-wrap: anywhere; }
    table.steps th:nth-child(1) { width: 5%; }
    table.steps th:nth-child(3) { width: 34%; }
    table.steps th:nth-child(4) { width: 7%; }
    table.steps th:nth-child(5) { width: 8%; }
    table.steps th:nth-child(6) { width: 14%; }
    table.marked th:first-child { min-width: 2.8rem; white-space: nowrap; }
    table.evidence th:nth-child(1) { width: 2.6rem; }
    table.sources th:nth-child(4), table.evidence th:nth-child(4) { width: 14.8rem; }
    table.evidence th:nth-child(5) { width: 3.6rem; }
    table.survival th:nth-child(1), table.survival th:nth-child(2) { width: 15%; }
    td:last-child, th:last-child { padding-right: 0; }
    thead th { border-bottom: 1.5px solid var(--ink); font-weight: bold; }
    tbody th { font-weight: normal; }
    .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    thead th.n { white-space: normal; }
    .nowrap { white-space: nowrap; }
    .severity { display: inline-block; padding: 0 0.45rem; border: 1.5px solid #1a1f24; border-radius: 3px;
      font-size: 0.8rem; font-weight: bold; color: #1a1f24; background: #ffffff; white-space: nowrap; }
    .s-critical { background: #7a0d12; border-color: #7a0d12; color: #ffffff; }
    .s-high { background: #b23a00; border-color: #b23a00; color: #ffffff; }
    .s-medium { background: #ffe3a3; border-color: #8a6100; }
    .s-info { border-style: dotted; }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: 0.6rem;
      margin: 1rem 0; padding: 0; }
    .cards div { border: 1px solid var(--line); border-radius: 4px; padding: 0.5rem 0.75rem; }
    .cards strong { display: block; font-size: 1.5rem; line-height: 1.2; }
    .finding { border: 1px solid var(--line); border-left: 5px solid var(--ink); border-radius: 3px;
      padding: 0.6rem 1rem; margin: 1.2rem 0 0.8rem; break-inside: avoid; }
    .finding h4 { margin: 0 0 0.3rem; }
    .finding p { margin: 0.3rem 0; }
    .figures { display: flex; flex-wrap: wrap; gap: 0.3rem 1.6rem; }
    figure { margin: 1.2rem 0; padding: 0.8rem; border: 1px solid var(--line); border-radius: 4px;
      background: #ffffff; color: #1a1f24; break-inside: avoid; }
    figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
    figcaption { color: #55606b; margin-top: 0.5rem; }
    figure.readings .row { display: flex; gap: 0.5rem 1.5rem; flex-wrap: wrap; }
    figure.readings svg { margin: 0; }
    figure.readings p { margin: 0 0 0.2rem; color: #55606b; }
    .section-foot { display: flex; justify-content: space-between; gap: 1rem; margin-top: 1.5rem;
      padding-top: 0.4rem; border-top: 1px solid var(--line); color: var(--faint); font-size: 0.75rem; }
    @media (max-width: 40rem) { nav ol { columns: 1; } dl.title-block div { grid-template-columns: 1fr; } }
    """

  private static let dark = """

    @media screen and (prefers-color-scheme: dark) {
      :root { --ink: #e8ebee; --faint: #a4aeb8; --line: #3a444d; --soft: #20272d; --ground: #14181c;
        --link: #8ec1ff; }
    }
    """

  private static let paper = """

    @media print {
      :root { color-scheme: light; }
      html { font-size: 10pt; }
      body { max-width: none; padding: 0; }
      section { margin: 0; }
      section + section { margin-top: 2rem; }
      #attacks, #models { break-before: page; }
      h2 { border-top-width: 2px; }
      a { color: inherit; text-decoration: none; }
      tr, li, .severity, .short { break-inside: avoid; }
      thead { display: table-header-group; }
      .scroll { overflow: visible; }
      figure { border: none; padding: 0; }
      figure svg { max-height: 225mm; }
      .severity, .finding { print-color-adjust: exact; }
    }
    """
}
