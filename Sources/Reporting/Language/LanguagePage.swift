import EngineSupport
import ThreatLanguage

/// The page around a language's assets: head, title block, contents, one section a category, associations.
struct LanguagePage {
  let language: CompiledLanguage
  let references: LanguageReferences
  /// Positions in `assetTypes` of the types directly below each type.
  let subTypes: [[Int]]
  /// Positions in `references.leads` by the anchor of the step they lead to.
  private(set) var leadsTo: [String: [Int]] = [:]

  init(_ language: CompiledLanguage) {
    self.language = language
    let references = LanguageReferences(language)
    self.references = references
    var subTypes = Array(repeating: [Int](), count: language.assetTypes.count)
    for (index, type) in language.assetTypes.enumerated() {
      if let above = type.superType.flatMap({ references.index.types[$0] }) {
        subTypes[above].append(index)
      }
    }
    self.subTypes = subTypes
    for (position, lead) in references.leads.enumerated() {
      guard let anchor = anchor(ofStep: lead.toStep, on: lead.toType) else { continue }
      leadsTo[anchor, default: []].append(position)
    }
  }

  // MARK: - Addresses: positions, since names may be any text

  func anchor(ofType index: Int) -> String { "asset-\(index + 1)" }

  func anchor(ofAssociation index: Int) -> String { "association-\(index + 1)" }

  /// Of the declaration that is in force for the step on that type.
  func anchor(ofStep name: String, on type: Int) -> String? {
    guard let step = language.assetTypes[type].step(named: name),
      let owner = references.index.types[step.declaredIn],
      let position = language.assetTypes[owner].steps.firstIndex(where: { $0.name == name })
    else { return nil }
    return "\(anchor(ofType: owner))-step-\(position + 1)"
  }

  func anchor(ofVariable name: String, on type: Int) -> String? {
    let owner = references.owner(ofVariable: name, on: type)
    let names = language.assetTypes[owner].variables.keys.sorted()
    return names.firstIndex(of: name).map { "\(anchor(ofType: owner))-variable-\($0 + 1)" }
  }

  /// The association that gives `type` the field.
  func association(ofField name: String, on type: Int) -> Int? {
    let ancestry = references.index.ancestry(of: type).map { language.assetTypes[$0].name }
    return language.associations.firstIndex { association in
      (association.right.field == name && ancestry.contains(association.left.assetType))
        || (association.left.field == name && ancestry.contains(association.right.assetType))
    }
  }

  func link(_ text: String, to anchor: String?) -> Markup {
    guard let anchor else { return .text(text) }
    return tag("a", [attribute("href", "#" + anchor)], .text(text))
  }

  func link(toType index: Int) -> Markup {
    link(language.assetTypes[index].name, to: anchor(ofType: index))
  }

  func link(toTypeNamed name: String) -> Markup {
    references.index.types[name].map(link(toType:)) ?? .text(name)
  }

  // MARK: - The page

  func render() -> Markup {
    tag(
      "html", [attribute("lang", "en")],
      [
        head,
        tag(
          "body", [],
          [
            tag("header", [], titleBlock + [contents]),
            tag("main", [], categories.map(section) + [associationSection]),
          ]),
      ])
  }

  private var head: Markup {
    PageHead.render(
      title: "Threat language \(language.name)", style: StyleSheet.languageText)
  }

  private var titleBlock: [Markup] {
    let steps = language.assetTypes.map { type in
      type.steps.count { $0.declaredIn == type.name }
    }
    let rows: [(String, String)] = [
      ("Identifier", language.name), ("Version", language.version),
      ("Asset types", "\(language.assetTypes.count)"), ("Steps", "\(steps.reduce(0, +))"),
      ("Associations", "\(language.associations.count)"),
    ]
    return [
      tag("p", class: "kind", "Threat language"),
      tag("h1", [], .text(language.name)),
      tag(
        "dl", class: "title-block",
        rows.map { row in
          tag("div", [], tag("dt", [], .text(row.0)), tag("dd", [], .text(row.1)))
        }),
      Fragment.note(
        "A step marked OR is reached when one of the steps that lead to it is, a step marked AND when all of "
          + "them are. A defence stops what it leads to while it is in place."),
    ]
  }

  /// In the order in which they first have an asset.
  private var categories: [String] {
    var seen: Set<String> = []
    return language.assetTypes.map(\.category).filter { seen.insert($0).inserted }
  }

  private func types(in category: String) -> [Int] {
    language.assetTypes.indices.filter { language.assetTypes[$0].category == category }
  }

  private func anchor(ofCategory category: String) -> String {
    "category-\((categories.firstIndex(of: category) ?? 0) + 1)"
  }

  private var contents: Markup {
    let entries =
      categories.map { category in
        tag(
          "li", [], link(category, to: anchor(ofCategory: category)),
          tag("ul", [], types(in: category).map { tag("li", [], link(toType: $0)) }))
      } + [tag("li", [], link("Associations", to: "associations"))]
    return tag("nav", [attribute("aria-label", "Contents")], tag("ol", [], entries))
  }

  private func section(_ category: String) -> Markup {
    tag(
      "section", [attribute("id", anchor(ofCategory: category))],
      [tag("h2", [], .text("Category \(category)"))]
        + meta(language.categoryMeta(of: category))
        + types(in: category).map(asset))
  }

  func meta(_ meta: [MetaText]) -> [Markup] {
    meta.map { tag("p", [], tag("strong", [], .text($0.key + ": ")), .text($0.text)) }
  }

  private var associationSection: Markup {
    func end(_ end: AssociationType.End) -> Markup {
      .group([
        link(toTypeNamed: end.assetType), .text(" ["), Fragment.code(end.field), .text("] "),
        .text(multiplicity(end)),
      ])
    }
    let rows = language.associations.enumerated().map { index, association in
      [
        tag("span", [attribute("id", anchor(ofAssociation: index))], .text(association.name)),
        end(association.left), end(association.right),
        .group(meta(association.meta)), Fragment.line(association.location),
      ]
    }
    return tag(
      "section", [attribute("id", "associations")],
      tag("h2", [], "Associations"),
      Table(
        "Each end is named by the field over which the other end reaches it",
        [.init("Name"), .init("Left"), .init("Right"), .init("Said"), .init("Source")], rows: rows
      ).render())
  }

  func multiplicity(_ end: AssociationType.End) -> String {
    guard let maximum = end.maximum else { return end.minimum == 0 ? "*" : "\(end.minimum)..*" }
    return end.minimum == maximum ? "\(maximum)" : "\(end.minimum)..\(maximum)"
  }
}
