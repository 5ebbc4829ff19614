/// Counts how many different assets each asset reaches over the association ends that have a bound.
struct MultiplicityCount {
  private let types: [Int32]
  private let language: CompiledLanguage
  /// The bounded ends that assets of each type have, own and inherited ones.
  private var endsOfType: [[End]]
  /// Place of an end in the list of its owner's type, by type and end.
  private var places: [TypedEnd: Int32] = [:]
  private var isBounded: [Bool]
  /// Counts of asset a begin at `offsets[a]`.
  private var offsets: [Int] = [0]
  private var counts: [Int32]
  private var seen: Set<Triple> = []

  private struct End {
    var association: Int
    /// The left end, which assets on the right reach.
    var isLeft: Bool

    func type(in language: CompiledLanguage) -> AssociationType.End {
      isLeft ? language.associations[association].left : language.associations[association].right
    }
  }

  private struct TypedEnd: Hashable {
    var type: Int32
    var association: Int32
    var isLeft: Bool
  }

  private struct Triple: Hashable {
    var association: Int32
    var left: Int32
    var right: Int32
  }

  struct Violation {
    var asset: Int
    var end: AssociationType.End
    var count: Int
  }

  init(types: [Int32], index: LanguageIndex, language: CompiledLanguage) {
    self.types = types
    self.language = language
    var own: [[End]] = Array(repeating: [], count: language.assetTypes.count)
    isBounded = language.associations.map { association in
      [association.left, association.right].contains { $0.minimum > 0 || $0.maximum != nil }
    }
    for (place, association) in language.associations.enumerated() {
      for (end, owner, isLeft) in [
        (association.left, association.right, true), (association.right, association.left, false),
      ] where end.minimum > 0 || end.maximum != nil {
        guard let type = index.types[owner.assetType] else { continue }
        own[type].append(End(association: place, isLeft: isLeft))
      }
    }
    var isUsed = Array(repeating: false, count: language.assetTypes.count)
    for type in types where type >= 0 { isUsed[Int(type)] = true }
    endsOfType = isUsed.enumerated().map { type, isUsed in
      isUsed ? index.ancestry(of: type).flatMap { own[$0] } : []
    }
    for (type, ends) in endsOfType.enumerated() {
      for (place, end) in ends.enumerated() {
        let key = TypedEnd(
          type: Int32(type), association: Int32(end.association), isLeft: end.isLeft)
        places[key] = Int32(place)
      }
    }
    offsets.reserveCapacity(types.count + 1)
    var total = 0
    for type in types {
      if type >= 0 { total += endsOfType[Int(type)].count }
      offsets.append(total)
    }
    counts = Array(repeating: 0, count: total)
  }

  /// Takes note of one link; the same link again changes nothing.
  mutating func add(_ association: Int32, left: Int32, right: Int32) {
    guard isBounded[Int(association)],
      seen.insert(Triple(association: association, left: left, right: right)).inserted
    else { return }
    count(association, isLeft: true, reachedBy: right)
    count(association, isLeft: false, reachedBy: left)
  }

  private mutating func count(_ association: Int32, isLeft: Bool, reachedBy asset: Int32) {
    let key = TypedEnd(type: types[Int(asset)], association: association, isLeft: isLeft)
    guard let place = places[key] else { return }
    counts[offsets[Int(asset)] + Int(place)] += 1
  }

  /// Ends that reach fewer or more assets than the language asks for, in asset order.
  func violations() -> [Violation] {
    var found: [Violation] = []
    for (asset, type) in types.enumerated() where type >= 0 {
      for (place, bounded) in endsOfType[Int(type)].enumerated() {
        let end = bounded.type(in: language)
        let count = Int(counts[offsets[asset] + place])
        if count < end.minimum || count > end.maximum ?? .max {
          found.append(Violation(asset: asset, end: end, count: count))
        }
      }
    }
    return found
  }
}
