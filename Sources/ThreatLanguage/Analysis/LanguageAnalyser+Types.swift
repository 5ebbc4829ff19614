import EngineSupport

/// Inheritance between assets, and associations as fields of assets.
extension LanguageAnalyser {
  mutating func resolveInheritance() {
    for index in types.indices {
      guard let name = types[index].syntax.superType else { continue }
      types[index].superType = ids[name.text]
      if types[index].superType == nil {
        types[index].isIncomplete = true
        reportUnknownType(name)
      }
    }
    breakCycles()
    for index in types.indices {
      var depth = 0
      var ancestor = types[index].superType
      while let next = ancestor, depth <= Self.inheritanceLimit {
        depth += 1
        ancestor = types[next].superType
      }
      if depth > Self.inheritanceLimit {
        let name = types[index].syntax.name
        report(
          "mal.inheritance.too-deep",
          "`\(name.text)` has more than \(Self.inheritanceLimit) types above it", at: name.location)
        types[index].superType = nil
        types[index].isIncomplete = true
      }
    }
    var isOrdered = Array(repeating: false, count: types.count)
    for index in types.indices {
      for type in ancestry(of: index).reversed() where !isOrdered[type] {
        isOrdered[type] = true
        order.append(type)
      }
    }
  }

  /// Every cycle is reported once and cut at the type that is declared first.
  private mutating func breakCycles() {
    // 0: not seen, otherwise the walk in which it was seen.
    var walkOf = Array(repeating: 0, count: types.count)
    for start in types.indices {
      var path: [Int] = []
      var current: Int? = start
      while let type = current, walkOf[type] == 0 {
        walkOf[type] = start + 1
        path.append(type)
        current = types[type].superType
      }
      guard let meeting = current, walkOf[meeting] == start + 1,
        let first = path.firstIndex(of: meeting)
      else { continue }
      let cycle = Array(path[first...])
      let cut = cycle.min() ?? meeting
      let names = (cycle + [meeting]).map { "`\(types[$0].syntax.name.text)`" }
      report(
        "mal.inheritance.cycle",
        "assets extend one another in a circle: " + names.prefix(12).joined(separator: " → ")
          + (names.count > 12 ? " …" : ""),
        at: types[cut].syntax.superType?.location ?? types[cut].syntax.name.location)
      types[cut].superType = nil
      for type in cycle { types[type].isIncomplete = true }
    }
  }

  /// `type` and the types above it, nearest first.
  func ancestry(of type: Int) -> [Int] {
    var chain = [type]
    while let above = types[chain[chain.count - 1]].superType { chain.append(above) }
    return chain
  }

  /// Whether `type` is `ancestor` or inherits from it.
  func isType(_ type: Int, kindOf ancestor: Int) -> Bool {
    var current: Int? = type
    while let next = current {
      if next == ancestor { return true }
      current = types[next].superType
    }
    return false
  }

  /// The nearest type that both are kinds of.
  func commonAncestor(_ left: Int, _ right: Int) -> Int? {
    let candidates = ancestry(of: left)
    return candidates.first { isType(right, kindOf: $0) }
  }

  func isIncomplete(_ type: Int) -> Bool {
    ancestry(of: type).contains { types[$0].isIncomplete }
  }

  mutating func reportUnknownType(_ name: NameSyntax) {
    report(
      "mal.type.unknown", "there is no asset `\(name.text)`", at: name.location,
      hint: nearest(name.text, among: types.map(\.syntax.name.text)))
  }

  mutating func checkAbstractTypes() {
    var isExtended = Array(repeating: false, count: types.count)
    for type in types { if let above = type.superType { isExtended[above] = true } }
    for index in types.indices where types[index].syntax.isAbstract && !isExtended[index] {
      let name = types[index].syntax.name
      warn(
        "mal.asset.never-extended",
        "`\(name.text)` is abstract and no asset extends it, so no model can have one",
        at: name.location)
    }
  }

  // MARK: - Associations

  mutating func resolveAssociations() {
    for association in associations {
      let left = resolveEnd(association.left)
      let right = resolveEnd(association.right)
      addField(association.right.field, leadingTo: right, of: left)
      addField(association.left.field, leadingTo: left, of: right)
    }
    for type in order {
      for above in ancestry(of: type).dropFirst() {
        let clashes = types[type].fields.keys.filter { types[above].fields[$0] != nil }
        for name in clashes.sorted() { reportDuplicate(name, of: type, and: above) }
        for name in types[type].steps.keys.sorted() {
          guard let field = types[above].fields[name] else { continue }
          reportStepClash(name, of: above, at: field.location)
        }
      }
      for name in types[type].fields.keys.sorted() {
        guard let field = types[type].fields[name],
          ancestry(of: type).contains(where: { types[$0].steps[name] != nil })
        else { continue }
        reportStepClash(name, of: type, at: field.location)
      }
    }
  }

  private mutating func resolveEnd(_ end: AssociationSyntax.End) -> Int? {
    if let maximum = end.maximum, end.minimum > maximum {
      warn(
        "mal.multiplicity.inverted", "at least \(end.minimum) but at most \(maximum)",
        at: end.multiplicityLocation, hint: "write the smaller number first")
    }
    guard let type = ids[end.type.text] else {
      reportUnknownType(end.type)
      return nil
    }
    return type
  }

  /// `owner` reaches `target` over the field; an unknown owner takes none.
  private mutating func addField(_ name: NameSyntax, leadingTo target: Int?, of owner: Int?) {
    guard let owner else { return }
    if let earlier = types[owner].fields[name.text] {
      report(
        "mal.field.duplicate",
        "`\(types[owner].syntax.name.text)` already has a field `\(name.text)`", at: name.location,
        hint: "the other one is at \(Self.line(earlier.location))")
    } else {
      types[owner].fields[name.text] = Field(type: target, location: name.location)
    }
  }

  private mutating func reportDuplicate(_ name: String, of type: Int, and above: Int) {
    guard let field = types[type].fields[name], let inherited = types[above].fields[name] else {
      return
    }
    report(
      "mal.field.duplicate",
      "`\(types[type].syntax.name.text)` inherits a field `\(name)` from "
        + "`\(types[above].syntax.name.text)`",
      at: field.location, hint: "the other one is at \(Self.line(inherited.location))")
  }

  private mutating func reportStepClash(
    _ name: String, of type: Int, at location: SourceLocation
  ) {
    report(
      "mal.field.is-step",
      "field `\(name)` of `\(types[type].syntax.name.text)` has the name of a step", at: location)
  }

  func compiledAssociations() -> [AssociationType] {
    associations.map { association in
      func end(_ end: AssociationSyntax.End) -> AssociationType.End {
        AssociationType.End(
          assetType: end.type.text, field: end.field.text, minimum: end.minimum,
          maximum: end.maximum)
      }
      return AssociationType(
        name: association.name.text, left: end(association.left), right: end(association.right),
        meta: association.meta.compiled, location: association.location)
    }
  }
}

extension [MetaSyntax] {
  var compiled: [MetaText] { map { MetaText(key: $0.key.text, text: $0.text) } }
}
