/// Which asset type a step expression of a checked language ends at.
package struct ExpressionEnds: Sendable {
  private let language: CompiledLanguage
  private let index: LanguageIndex
  private let fields: [Field: Int]

  private struct Field: Hashable {
    var owner: Int
    var name: String
  }

  package init(_ language: CompiledLanguage, _ index: LanguageIndex) {
    self.language = language
    self.index = index
    var fields: [Field: Int] = [:]
    for association in language.associations {
      for (end, owner) in [
        (association.left, association.right), (association.right, association.left),
      ] {
        guard let owner = index.types[owner.assetType], let type = index.types[end.assetType] else {
          continue
        }
        fields[Field(owner: owner, name: end.field)] = type
      }
    }
    self.fields = fields
  }

  /// Position of the type in `assetTypes`; `nil` where a name is not known. The step at the end of a lead
  /// stays where it is.
  package func type(of expression: StepExpression, from type: Int) -> Int? {
    switch expression {
    case .step: return type
    case .field(let name):
      return index.ancestry(of: type).lazy.compactMap { fields[Field(owner: $0, name: name)] }.first
    case .variable(let name):
      return language.assetTypes[type].variables[name].flatMap { self.type(of: $0, from: type) }
    case .collect(let left, let right):
      return self.type(of: left, from: type).flatMap { self.type(of: right, from: $0) }
    case .union(let left, let right):
      guard let one = self.type(of: left, from: type), let other = self.type(of: right, from: type)
      else { return nil }
      return index.ancestry(of: one).first { index.isType(other, kindOf: $0) }
    case .intersection(let left, _), .difference(let left, _):
      return self.type(of: left, from: type)
    case .transitive(let inner): return self.type(of: inner, from: type)
    case .subType(_, let name): return index.types[name]
    }
  }
}
