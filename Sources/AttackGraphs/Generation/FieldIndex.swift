import ThreatLanguage

/// Which assets each asset reaches over each field: the links of a model in compressed sparse rows.
///
/// An asset's entries stand together, sorted by field and then by target, without repetition. Field and
/// target are packed into one number, so that sorting and searching a row compare whole words.
struct FieldIndex {
  let fieldIDs: [String: Int32]
  private var offsets: [Int32]
  private var entries: [UInt64]
  /// For each asset, one bit for each field it has, numbered modulo 64: a quick no to most walks.
  private(set) var masks: [UInt64]

  static func mask(of field: Int32) -> UInt64 { 1 << UInt64(field & 63) }

  init(_ instance: InstanceModel, _ resolved: ResolvedInstance, language: CompiledLanguage) {
    var fieldIDs: [String: Int32] = [:]
    for association in language.associations {
      for end in [association.left, association.right] where fieldIDs[end.field] == nil {
        fieldIDs[end.field] = Int32(fieldIDs.count)
      }
    }
    self.fieldIDs = fieldIDs
    let ends = language.associations.map {
      (left: fieldIDs[$0.left.field] ?? 0, right: fieldIDs[$0.right.field] ?? 0)
    }
    let count = instance.assets.count
    var offsets = [Int32](repeating: 0, count: count + 2)
    for (place, association) in resolved.associations.enumerated() where association >= 0 {
      offsets[instance.links[place].left + 2] += 1
      offsets[instance.links[place].right + 2] += 1
    }
    for asset in 0..<count { offsets[asset + 2] += offsets[asset + 1] }
    // offsets[a + 1] is where row a is filled next; in the end it is where the next row starts.
    var entries = [UInt64](repeating: 0, count: Int(offsets[count + 1]))
    var masks = [UInt64](repeating: 0, count: count)
    for (place, association) in resolved.associations.enumerated() where association >= 0 {
      let (left, right) = (instance.links[place].left, instance.links[place].right)
      let fields = ends[Int(association)]
      entries[Int(offsets[right + 1])] = UInt64(fields.left) << 32 | UInt64(left)
      offsets[right + 1] += 1
      masks[right] |= Self.mask(of: fields.left)
      entries[Int(offsets[left + 1])] = UInt64(fields.right) << 32 | UInt64(right)
      offsets[left + 1] += 1
      masks[left] |= Self.mask(of: fields.right)
    }
    offsets.removeLast()
    self.masks = masks
    self.offsets = offsets
    self.entries = entries
    sortRows()
  }

  /// Sorts each row and takes repeated entries out.
  private mutating func sortRows() {
    var write = 0
    for asset in 0..<(offsets.count - 1) {
      let row = Int(offsets[asset])..<Int(offsets[asset + 1])
      offsets[asset] = Int32(write)
      entries.sortRange(row)
      for place in row where place == row.lowerBound || entries[place] != entries[write - 1] {
        entries[write] = entries[place]
        write += 1
      }
    }
    offsets[offsets.count - 1] = Int32(write)
    entries.removeLast(entries.count - write)
  }

  /// Appends the assets that `asset` reaches over `field`, ascending.
  @inline(__always)
  func appendTargets(of asset: Int32, over field: Int32, to targets: inout [Int32]) {
    guard masks[Int(asset)] & Self.mask(of: field) != 0 else { return }
    var low = Int(offsets[Int(asset)])
    let end = Int(offsets[Int(asset) + 1])
    let key = UInt64(field) << 32
    var high = end
    while high - low > 8 {
      let middle = (low + high) / 2
      if entries[middle] < key { low = middle + 1 } else { high = middle }
    }
    while low < end, entries[low] < key { low += 1 }
    let next = key + (1 << 32)
    while low < end, entries[low] < next {
      targets.append(Int32(truncatingIfNeeded: entries[low]))
      low += 1
    }
  }
}

extension Array where Element: Comparable & BitwiseCopyable {
  /// Sorts a part in place, ascending; short parts, which are the rule here, by insertion.
  mutating func sortRange(_ range: Range<Int>) {
    if range.count > 24 {
      let sorted = self[range].sorted()
      for (offset, value) in sorted.enumerated() { self[range.lowerBound + offset] = value }
      return
    }
    for place in range.dropFirst() {
      let value = self[place]
      var hole = place
      while hole > range.lowerBound, value < self[hole - 1] {
        self[hole] = self[hole - 1]
        hole -= 1
      }
      self[hole] = value
    }
  }
}
