import ThreatLanguage

/// Which assets each asset reaches over each field: the links of a model in compressed sparse rows.
///
/// An asset's entries stand together, sorted by field and then by target, without repetition.
struct FieldIndex {
  let fieldIDs: [String: Int32]
  private var offsets: [Int]
  private var entries: [Entry]

  private struct Entry: Comparable {
    var field: Int32
    var target: Int32

    static func < (left: Entry, right: Entry) -> Bool {
      (left.field, left.target) < (right.field, right.target)
    }
  }

  /// `types` are the assets' positions in the language, −1 for assets to leave out; links that fit no
  /// association, or several, are left out too (`InstanceModel.check` reports both).
  init(
    _ instance: InstanceModel, types: [Int], index: LanguageIndex, language: CompiledLanguage
  ) {
    var fieldIDs: [String: Int32] = [:]
    for association in language.associations {
      for end in [association.left, association.right] where fieldIDs[end.field] == nil {
        fieldIDs[end.field] = Int32(fieldIDs.count)
      }
    }
    self.fieldIDs = fieldIDs
    let ends = language.associations.map {
      (left: fieldIDs[$0.left.field] ?? -1, right: fieldIDs[$0.right.field] ?? -1)
    }
    var found: [(owner: Int32, entry: Entry)] = []
    found.reserveCapacity(instance.links.count * 2)
    var fitting: [LinkShape: Int] = [:]
    for link in instance.links {
      guard types.indices.contains(link.left), types.indices.contains(link.right),
        types[link.left] >= 0, types[link.right] >= 0
      else { continue }
      let shape = LinkShape(
        association: link.association, left: types[link.left], right: types[link.right])
      let association = fitting[shape] ?? Self.association(of: shape, index)
      fitting[shape] = association
      guard association >= 0 else { continue }
      let (left, right) = (Int32(link.left), Int32(link.right))
      found.append((right, Entry(field: ends[association].left, target: left)))
      found.append((left, Entry(field: ends[association].right, target: right)))
    }
    offsets = Array(repeating: 0, count: instance.assets.count + 1)
    for (owner, _) in found { offsets[Int(owner) + 1] += 1 }
    for asset in instance.assets.indices { offsets[asset + 1] += offsets[asset] }
    var next = offsets
    entries = Array(repeating: Entry(field: 0, target: 0), count: found.count)
    for (owner, entry) in found {
      entries[next[Int(owner)]] = entry
      next[Int(owner)] += 1
    }
    for asset in instance.assets.indices where offsets[asset + 1] - offsets[asset] > 1 {
      entries[offsets[asset]..<offsets[asset + 1]].sort()
    }
  }

  private struct LinkShape: Hashable {
    var association: String
    var left: Int
    var right: Int
  }

  private static func association(of shape: LinkShape, _ index: LanguageIndex) -> Int {
    let all = index.associations(named: shape.association, left: shape.left, right: shape.right)
    return all.count == 1 ? all[0] : -1
  }

  /// Appends the assets that `asset` reaches over `field`, ascending.
  func appendTargets(of asset: Int32, over field: Int32, to targets: inout [Int32]) {
    var low = offsets[Int(asset)]
    var high = offsets[Int(asset) + 1]
    let end = high
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].field < field { low = middle + 1 } else { high = middle }
    }
    while low < end, entries[low].field == field {
      if entries[low].target != targets.last { targets.append(entries[low].target) }
      low += 1
    }
  }
}
