import ThreatLanguage

/// One asset type: what it extends, its fields and variables, its steps.
extension LanguagePage {
  func asset(_ index: Int) -> Markup {
    let type = language.assetTypes[index]
    var content: [Markup] = [
      tag("h3", [attribute("id", anchor(ofType: index))], .text(type.name)), kinship(of: index),
    ]
    content += meta(type.meta)
    content.append(fields(of: index))
    content += variables(of: index)
    for step in type.steps where step.declaredIn == type.name {
      content.append(self.step(step, of: index))
    }
    let inherited = type.steps.filter { $0.declaredIn != type.name }
    if !inherited.isEmpty {
      content.append(
        tag(
          "p", class: "small",
          [.text("Inherited steps: ")]
            + separated(
              inherited.map { link($0.name, to: anchor(ofStep: $0.name, on: index)) }, by: ", ")))
    }
    return .group(content)
  }

  func separated(_ items: [Markup], by separator: String) -> [Markup] {
    Array(items.map { [$0] }.joined(separator: [.text(separator)]))
  }

  private func kinship(of index: Int) -> Markup {
    let type = language.assetTypes[index]
    var parts: [Markup] = [.text(type.isAbstract ? "Abstract asset" : "Asset")]
    if let above = type.superType { parts += [.text(", extends "), link(toTypeNamed: above)] }
    if !subTypes[index].isEmpty {
      parts.append(.text(", extended by "))
      parts += separated(subTypes[index].map(link(toType:)), by: ", ")
    }
    return tag("p", class: "small", parts + [.text(". "), Fragment.line(type.location)])
  }

  /// Own and inherited fields: where one can walk from here.
  private func fields(of index: Int) -> Markup {
    let ancestry = references.index.ancestry(of: index).map { language.assetTypes[$0].name }
    var rows: [[Markup]] = []
    for (position, association) in language.associations.enumerated() {
      for (near, far) in [
        (association.left, association.right), (association.right, association.left),
      ] where ancestry.contains(near.assetType) {
        rows.append([
          Fragment.code(far.field), link(toTypeNamed: far.assetType), .text(multiplicity(far)),
          link(association.name, to: anchor(ofAssociation: position)),
          near.assetType == language.assetTypes[index].name
            ? .text("") : link(toTypeNamed: near.assetType),
        ])
      }
    }
    guard !rows.isEmpty else { return .nothing }
    return Table(
      "Fields of \(language.assetTypes[index].name)",
      [
        .init("Field"), .init("Leads to"), .init("How many"), .init("Association"),
        .init("Inherited from"),
      ], rows: rows
    ).render()
  }

  private func variables(of index: Int) -> [Markup] {
    let type = language.assetTypes[index]
    return type.variables.keys.sorted().compactMap { name in
      guard references.owner(ofVariable: name, on: index) == index,
        let anchor = anchor(ofVariable: name, on: index), let body = type.variables[name]
      else { return nil }
      return tag(
        "p", [attribute("id", anchor)],
        .text("let "), Fragment.code(name), .text(" = "), expression(body, from: index).markup)
    }
  }
}
