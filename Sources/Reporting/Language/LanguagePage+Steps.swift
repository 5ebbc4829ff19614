import ThreatLanguage

/// One step: its kind and time, what it needs, what it leads to and what leads to it.
extension LanguagePage {
  func step(_ step: StepType, of type: Int) -> Markup {
    var rows: [(String, Markup)] = []
    if let time = step.ttc {
      let title = step.kind == .defense ? "In place" : "Time to compromise"
      rows.append((title, Fragment.code(time.sourceText)))
    }
    if !step.impact.isEmpty { rows.append(("Harms", .text(step.impact.words))) }
    if !step.tags.isEmpty {
      rows.append(("Tags", .text(step.tags.map { "@" + $0 }.joined(separator: " "))))
    }
    rows += step.meta.map { ($0.key, .text($0.text)) }
    if let above = redeclared(step, of: type) { rows.append(("Redeclares", above)) }
    if !step.requires.isEmpty {
      rows.append(
        (
          step.kind == .notExist ? "Needs none of" : "Needs",
          list(step.requires.map { expression($0, from: type).markup })
        ))
    }
    if !step.leadsTo.isEmpty {
      rows.append(
        (
          "Leads to",
          list(
            step.leadsTo.map {
              .group([
                expression($0.expression, from: type).markup, .text(" "),
                Fragment.line($0.location),
              ])
            })
        ))
    }
    let anchor = anchor(ofStep: step.name, on: type)
    let sources = anchor.flatMap { leadsTo[$0] } ?? []
    if !sources.isEmpty { rows.append(("Led to by", list(sources.map(source)))) }
    rows += step.detectors.map { ("Noticed by", .text($0.words)) }
    rows += step.effects.map { ("Changes the model", Fragment.code($0.sourceText)) }
    rows.append(("Source", Fragment.line(step.location)))
    return tag(
      "div", [attribute("class", "step")] + (anchor.map { [attribute("id", $0)] } ?? []),
      tag(
        "h4", [], Fragment.code(step.name), .text(" "),
        tag("span", class: "small", .text(step.kindWords))),
      tag(
        "dl", class: "title-block",
        rows.map { tag("div", [], tag("dt", [], .text($0.0)), tag("dd", [], $0.1)) }))
  }

  private func list(_ items: [Markup]) -> Markup {
    items.count == 1 ? items[0] : tag("ul", [], items.map { tag("li", [], $0) })
  }

  private func source(_ position: Int) -> Markup {
    let lead = references.leads[position]
    return .group([
      link(toType: lead.fromType), .text("."),
      link(lead.fromStep, to: anchor(ofStep: lead.fromStep, on: lead.fromType)), .text(" "),
      Fragment.line(lead.location),
    ])
  }

  private func redeclared(_ step: StepType, of type: Int) -> Markup? {
    let above = references.index.ancestry(of: type).dropFirst().first
    guard let above, let inherited = language.assetTypes[above].step(named: step.name) else {
      return nil
    }
    return .group([
      link(toTypeNamed: inherited.declaredIn), .text("."),
      link(step.name, to: anchor(ofStep: step.name, on: above)),
    ])
  }

  // MARK: - Expressions

  /// The expression as it is written, each name a link, and the type it ends at.
  func expression(_ expression: StepExpression, from type: Int?) -> (markup: Markup, type: Int?) {
    func infix(
      _ left: StepExpression, _ symbol: String, _ right: StepExpression
    ) -> (Markup, Int?) {
      let first = self.expression(left, from: type)
      let second = self.expression(right, from: type)
      let markup: [Markup] = [
        .text("("), first.markup, .text(" \(symbol) "), second.markup, .text(")"),
      ]
      return (.group(markup), references.common(first.type, second.type))
    }
    switch expression {
    case .step(let name):
      return (link(name, to: type.flatMap { anchor(ofStep: name, on: $0) }), type)
    case .field(let name):
      let position = type.flatMap { association(ofField: name, on: $0) }
      return (
        link(name, to: position.map(anchor(ofAssociation:))),
        type.flatMap { references.field(name, of: $0) ?? (name == "self" ? $0 : nil) }
      )
    case .variable(let name):
      return (
        link(name + "()", to: type.flatMap { anchor(ofVariable: name, on: $0) }),
        type.flatMap { references.type(ofVariable: name, on: $0) }
      )
    case .collect(let left, let right):
      let first = self.expression(left, from: type)
      let second = self.expression(right, from: first.type)
      return (.group([first.markup, .text("."), second.markup]), second.type)
    case .union(let left, let right): return infix(left, "\\/", right)
    case .intersection(let left, let right): return infix(left, "/\\", right)
    case .difference(let left, let right): return infix(left, "-", right)
    case .transitive(let inner):
      let walk = self.expression(inner, from: type)
      let isWalk = if case .collect = inner { true } else { false }
      return (
        .group([.text(isWalk ? "(" : ""), walk.markup, .text(isWalk ? ")*" : "*")]), walk.type
      )
    case .subType(let inner, let name):
      let walk = self.expression(inner, from: type)
      return (
        .group([walk.markup, .text("["), link(toTypeNamed: name), .text("]")]),
        references.index.types[name]
      )
    }
  }
}

extension StepType {
  fileprivate var kindWords: String {
    let kind =
      switch self.kind {
      case .or: "OR step"
      case .and: "AND step"
      case .defense: "defence"
      case .exist: "existence check"
      case .notExist: "absence check"
      }
    return causalMode.map { "\(kind), \($0.rawValue)" } ?? kind
  }
}

extension StepType.Impact {
  fileprivate var words: String {
    [
      (StepType.Impact.confidentiality, "confidentiality"), (.integrity, "integrity"),
      (.availability, "availability"),
    ].filter { contains($0.0) }.map(\.1).joined(separator: ", ")
  }
}

extension DetectorType {
  fileprivate var words: String {
    var words = name ?? "a detector without a name"
    if let type { words += ", type \(type)" }
    if !context.isEmpty { words += ", seeing \(context.map(\.label).joined(separator: ", "))" }
    if let truePositiveRate { words += ", true positive rate \(truePositiveRate)" }
    if let falsePositiveRate { words += ", false positive rate \(falsePositiveRate)" }
    return words
  }
}
