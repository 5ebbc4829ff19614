/// A model's types and associations as positions in its language: what checking finds out and graph
/// generation goes on with.
package struct ResolvedInstance: Sendable {
  /// The type of each asset, −1 for assets to leave out.
  package var types: [Int32]
  /// The association of each link, −1 for links to leave out.
  package var associations: [Int32]
}

/// Finds the one association that a link can mean; remembers what it found for each name and pair of types.
struct AssociationResolver {
  private let index: LanguageIndex
  private var names: [String: Int32] = [:]
  private var known: [Shape: Int32] = [:]
  private var last: (shape: Shape, association: Int32)?

  private struct Shape: Hashable {
    var name: Int32
    var left: Int32
    var right: Int32
  }

  init(_ index: LanguageIndex) {
    self.index = index
  }

  /// −1 where none fits, or several do.
  mutating func association(named name: String, left: Int32, right: Int32) -> Int32 {
    let number: Int32
    if let known = names[name] {
      number = known
    } else {
      number = Int32(names.count)
      names[name] = number
    }
    let shape = Shape(name: number, left: left, right: right)
    if let last, last.shape == shape { return last.association }
    let association: Int32
    if let found = known[shape] {
      association = found
    } else {
      let all = index.associations(named: name, left: Int(left), right: Int(right))
      association = all.count == 1 ? Int32(all[0]) : -1
      known[shape] = association
    }
    last = (shape, association)
    return association
  }
}
