/// Names of a compiled language as numbers, for work over whole models.
package struct LanguageIndex: Sendable {
  /// Positions in `assetTypes`.
  package let types: [String: Int]
  /// The super-type of each type, or −1.
  private let superTypes: [Int]
  /// Positions in `associations` by name and by full name.
  private let associations: [String: [Int]]
  private let ends: [(left: Int, right: Int)]

  package init(_ language: CompiledLanguage) {
    let types = Dictionary(
      language.assetTypes.enumerated().map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first })
    self.types = types
    superTypes = language.assetTypes.enumerated().map { index, type in
      let above = type.superType.flatMap { types[$0] } ?? -1
      // Super-types stand first; anything else would be a cycle.
      return above < index ? above : -1
    }
    var associations: [String: [Int]] = [:]
    for (index, association) in language.associations.enumerated() {
      associations[association.name, default: []].append(index)
      associations[association.fullName, default: []].append(index)
    }
    self.associations = associations
    ends = language.associations.map {
      (types[$0.left.assetType] ?? -1, types[$0.right.assetType] ?? -1)
    }
  }

  /// Whether `type` is `ancestor` or inherits from it.
  package func isType(_ type: Int, kindOf ancestor: Int) -> Bool {
    guard ancestor >= 0 else { return false }
    var current = type
    while current > ancestor { current = superTypes[current] }
    return current == ancestor
  }

  /// `type` and the types above it, nearest first.
  package func ancestry(of type: Int) -> [Int] {
    var chain = [type]
    while let last = chain.last, superTypes[last] >= 0 { chain.append(superTypes[last]) }
    return chain
  }

  package func isAssociation(named name: String) -> Bool { associations[name] != nil }

  /// The associations of that name or full name which may link a `left` with a `right`.
  package func associations(named name: String, left: Int, right: Int) -> [Int] {
    (associations[name] ?? []).filter {
      isType(left, kindOf: ends[$0].left) && isType(right, kindOf: ends[$0].right)
    }
  }

  package var associationNames: [String] { associations.keys.sorted() }
}

extension AssociationType {
  /// `Name_leftField_rightField`: unique in a language, as the plain name need not be.
  public var fullName: String { "\(name)_\(left.field)_\(right.field)" }
}
