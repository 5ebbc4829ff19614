import ArchitectureModel
import AssessmentPipeline
import EngineSupport

/// Small pieces of the page that several sections use.
enum Fragment {
  static func paragraph(_ text: String) -> Markup { tag("p", [], .text(text)) }

  static func note(_ text: String) -> Markup { tag("p", class: "note", .text(text)) }

  static func code(_ text: String) -> Markup { tag("code", [], .text(text)) }

  static func small(_ text: String) -> Markup { tag("div", class: "small", .text(text)) }

  static func heading(_ text: String) -> Markup { tag("h3", [], .text(text)) }

  static func subheading(_ text: String) -> Markup { tag("h4", [], .text(text)) }

  static func bullets(_ items: [Markup]) -> Markup {
    tag("ul", [], items.map { tag("li", [], $0) })
  }

  /// The severity as a word in a box: dark for severe, readable without colour.
  static func severity(_ severity: Finding.Severity) -> Markup {
    tag(
      "span", [attribute("class", "severity s-\(severity.rawValue)")], .text(severity.rawValue))
  }

  static func place(_ location: SourceLocation) -> Markup { code(location.description) }

  /// `file:line` alone, for places where the address is clear.
  static func line(_ location: SourceLocation) -> Markup {
    let text = location.document + (location.line.map { ":\($0)" } ?? "")
    return text.utf8.count <= 28 ? tag("code", class: "nowrap", .text(text)) : code(text)
  }

  static func figure(_ picture: Markup, caption: String) -> Markup {
    tag("figure", [], picture, tag("figcaption", [], .text(caption)))
  }

  /// The address of a finding in the page: its position, since ids are text of any kind.
  static func anchor(ofFinding index: Int) -> String { "finding-\(index + 1)" }
}
