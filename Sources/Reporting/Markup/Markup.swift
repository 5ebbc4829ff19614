/// A piece of HTML or SVG as a tree that cannot hold unescaped text.
///
/// Names of elements and attributes are literals of our own code; all that comes from input is text or an
/// attribute's value, and both are escaped when the tree is written. Written output is HTML and well-formed
/// XML at once.
indirect enum Markup: Sendable, Hashable {
  case text(String)
  case element(String, [Attribute], [Markup])
  case group([Markup])
  /// The one style sheet; a literal of our own.
  case style(String)

  struct Attribute: Sendable, Hashable {
    let name: String
    let value: String

    init(_ name: StaticString, _ value: String) {
      self.name = name.description
      self.value = value
    }
  }

  static let nothing = Markup.group([])
}

extension Markup: ExpressibleByStringInterpolation {
  init(stringLiteral value: String) { self = .text(value) }
}

/// `tag("p", ("class", "note"), "text", more)`.
func tag(
  _ name: StaticString, _ attributes: [Markup.Attribute] = [], _ content: [Markup]
) -> Markup {
  .element(name.description, attributes, content)
}

func tag(_ name: StaticString, _ attributes: [Markup.Attribute] = [], _ content: Markup...)
  -> Markup
{
  .element(name.description, attributes, content)
}

func tag(_ name: StaticString, class style: StaticString, _ content: [Markup]) -> Markup {
  .element(name.description, [Markup.Attribute("class", style.description)], content)
}

func tag(_ name: StaticString, class style: StaticString, _ content: Markup...) -> Markup {
  .element(name.description, [Markup.Attribute("class", style.description)], content)
}

/// An attribute.
func attribute(_ name: StaticString, _ value: String) -> Markup.Attribute {
  Markup.Attribute(name, value)
}
