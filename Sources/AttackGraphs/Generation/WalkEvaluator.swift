import ThreatLanguage

/// Follows walks through one model: from sets of assets to sets of assets, both sorted and without repetition.
///
/// Sets live one above the other in one buffer, so that a walk allocates nothing: a walk reads its start
/// set wherever it lies, leaves its result at the top, and takes what it needed in between away.
///
/// As in mal-toolbox, the part under `*` is applied to a whole frontier at once, the right side of `.` to
/// one asset at a time; the two differ only for `/\` and `-` directly under a `*`.
struct WalkEvaluator {
  /// Walks inside walks, variables written out. Checked languages stay below it.
  private static let depthLimit = 400

  let program: WalkProgram
  let fields: FieldIndex
  /// Position in the language of each asset's type.
  let types: [Int32]
  let index: LanguageIndex
  /// The results of the walks that were pushed and not yet cleared, one after the other.
  private(set) var buffer: [Int32] = []
  /// Set when a walk was cut at the depth limit.
  private(set) var isCut = false
  private var depth = 0
  /// Marks of the closures under way: the number of the closure that reached an asset last.
  private var marks: [Int32] = []
  private var closures: Int32 = 0

  init(program: WalkProgram, fields: FieldIndex, types: [Int32], index: LanguageIndex) {
    self.program = program
    self.fields = fields
    self.types = types
    self.index = index
  }

  mutating func clear() { buffer.removeAll(keepingCapacity: true) }

  /// Puts the assets that `walk` leads to from one asset at the end of `buffer`, and says where.
  mutating func push(_ walk: Int32, from asset: Int32) -> Range<Int> {
    let base = buffer.count
    guard
      program.needsNoField[Int(walk)]
        || program.firstFields[Int(walk)] & fields.masks[Int(asset)] != 0
    else { return base..<base }
    switch program.walks[Int(walk)] {
    case .stay:
      buffer.append(asset)
    case .field(let field):
      fields.appendTargets(of: asset, over: field, to: &buffer)
    default:
      buffer.append(asset)
      _ = push(walk, from: base..<(base + 1))
      remove(base..<(base + 1))
    }
    return base..<buffer.count
  }

  private mutating func push(_ walk: Int32, from start: Range<Int>) -> Range<Int> {
    let base = buffer.count
    guard !start.isEmpty else { return base..<base }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      isCut = true
      return base..<base
    }
    switch program.walks[Int(walk)] {
    case .nowhere: break
    case .stay:
      for place in start { buffer.append(buffer[place]) }
    case .field(let field):
      for place in start { fields.appendTargets(of: buffer[place], over: field, to: &buffer) }
      if start.count > 1 { makeSet(from: base) }
    case .variable(let name):
      let body = program.variables[Int(name)][Int(types[Int(buffer[start.lowerBound])])]
      if body >= 0 { _ = push(body, from: start) }
    case .collect(let left, let right):
      let middle = push(left, from: start)
      for place in middle { _ = push(right, from: buffer[place]) }
      remove(middle)
      if middle.count > 1 { makeSet(from: base) }
    case .union(let left, let right):
      _ = push(left, from: start)
      let others = push(right, from: start)
      if !others.isEmpty, others.lowerBound > base { makeSet(from: base) }
    case .intersection(let left, let right):
      let candidates = push(left, from: start)
      filter(candidates, by: push(right, from: start), isMember: true)
    case .difference(let left, let right):
      let candidates = push(left, from: start)
      filter(candidates, by: push(right, from: start), isMember: false)
    case .transitive(let inner): close(over: inner, from: start)
    case .subType(let inner, let type):
      var write = base
      for place in push(inner, from: start)
      where index.isType(Int(types[Int(buffer[place])]), kindOf: Int(type)) {
        buffer[write] = buffer[place]
        write += 1
      }
      buffer.removeLast(buffer.count - write)
    }
    return base..<buffer.count
  }

  /// `inner` applied none, one or many times.
  private mutating func close(over inner: Int32, from start: Range<Int>) {
    if marks.isEmpty { marks = Array(repeating: 0, count: types.count) }
    closures += 1
    // A closure inside this one takes other numbers, so marks of this one would be lost to it: nested
    // closures keep what they reached in the buffer and look there.
    let number = closures
    let base = buffer.count
    for place in start {
      buffer.append(buffer[place])
      marks[Int(buffer[place])] = number
    }
    var frontier = base..<buffer.count
    while !frontier.isEmpty {
      let found = push(inner, from: frontier)
      if closures != number { remark(base..<frontier.upperBound, number) }
      var write = found.lowerBound
      for place in found where marks[Int(buffer[place])] != number {
        marks[Int(buffer[place])] = number
        buffer[write] = buffer[place]
        write += 1
      }
      buffer.removeLast(buffer.count - write)
      frontier = found.lowerBound..<write
    }
    if buffer.count - base > start.count { buffer.sortRange(base..<buffer.count) }
  }

  /// Renews the marks of one closure after others ran inside it.
  private mutating func remark(_ reached: Range<Int>, _ number: Int32) {
    for place in reached { marks[Int(buffer[place])] = number }
  }

  /// Takes a set out from under the ones above it.
  private mutating func remove(_ set: Range<Int>) {
    guard !set.isEmpty else { return }
    let count = buffer.count
    var write = set.lowerBound
    for place in set.upperBound..<count {
      buffer[write] = buffer[place]
      write += 1
    }
    buffer.removeLast(count - write)
  }

  /// Sorts what stands from `base` to the end and takes repetitions out.
  private mutating func makeSet(from base: Int) {
    guard buffer.count - base > 1 else { return }
    var isSet = true
    for place in (base + 1)..<buffer.count where buffer[place - 1] >= buffer[place] {
      isSet = false
      break
    }
    if isSet { return }
    buffer.sortRange(base..<buffer.count)
    var write = base + 1
    for place in (base + 1)..<buffer.count where buffer[place] != buffer[write - 1] {
      buffer[write] = buffer[place]
      write += 1
    }
    buffer.removeLast(buffer.count - write)
  }

  /// Leaves of two sets at the end of the buffer the members of the lower one that are, or are not, in the
  /// upper one.
  private mutating func filter(_ lower: Range<Int>, by upper: Range<Int>, isMember: Bool) {
    var position = upper.lowerBound
    var write = lower.lowerBound
    for place in lower {
      let value = buffer[place]
      while position < upper.upperBound, buffer[position] < value { position += 1 }
      if (position < upper.upperBound && buffer[position] == value) == isMember {
        buffer[write] = value
        write += 1
      }
    }
    buffer.removeLast(buffer.count - write)
  }
}
