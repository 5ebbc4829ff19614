internal import TensorCore

/// The part of the layers on which the cost of the goal depends, for finding one landmark after another:
/// nodes behind the goal that cost something to derive, renumbered without gaps in their own order.
///
/// What is derived at no cost stays so, because costs only go down from one landmark to the next, and counts
/// as a start; what does not lead to the goal, or only over choices that were made otherwise, is left out.
@safe
struct LandmarkCore: ~Copyable {
  var work = 0

  /// Nodes of a layer, and of all layers without the goal over them.
  let layer: Int
  let copies: Int
  private var count = 0
  private(set) var goal = 0
  /// The place of a node of the layers; −1 where it is left out.
  let place: AlignedScratch<Int32>
  /// Which nodes of the layers are in, a bit each.
  private let bits: AlignedScratch<UInt64>
  private let isSource: [Bool]

  // By place, filled anew for each bound.
  let base: AlignedScratch<Int32>
  let isAnd: AlignedScratch<Bool>
  /// Rests on something that costs nothing, or on nothing.
  let hasStart: AlignedScratch<Bool>
  let distance: AlignedScratch<Int64>
  let supporter: AlignedScratch<Int32>
  let parentOffsets: AlignedScratch<Int32>
  let parents: AlignedScratch<Int32>
  let childOffsets: AlignedScratch<Int32>
  let children: AlignedScratch<Int32>
  let marks: AlignedScratch<Mark>

  /// The nodes of the layers, ascending.
  private let nodes: AlignedScratch<Int32>

  // Lists of places, and of nodes of the problem.
  let touched: AlignedScratch<Int32>
  let doubtful: AlignedScratch<Int32>
  let started: AlignedScratch<Int32>
  let isMember: AlignedScratch<Bool>
  var members: [Int32] = []
  var queue: MonotoneQueue

  enum Mark: UInt8, BitwiseCopyable {
    case none
    /// From here the goal costs nothing more.
    case zone
    /// Dear, outside the zone, and perhaps derived only through it.
    case doubtful
    /// Derived without the zone.
    case before
  }

  init(_ layers: PathSearchLayers) {
    layer = layers.width
    copies = layers.copies
    let count = layers.count
    let edges = layers.parents.count
    var isSource = [Bool](repeating: false, count: count)
    for source in layers.sources { isSource[Int(source)] = true }
    self.isSource = isSource
    place = AlignedScratch(count: count)
    unsafe place.buffer.update(repeating: -1)
    bits = AlignedScratch(count: count / 64 + 1)
    base = AlignedScratch(count: count)
    isAnd = AlignedScratch(count: count)
    hasStart = AlignedScratch(count: count)
    distance = AlignedScratch(count: count)
    supporter = AlignedScratch(count: count)
    parentOffsets = AlignedScratch(count: count + 1)
    parents = AlignedScratch(count: edges)
    childOffsets = AlignedScratch(count: count + 2)
    children = AlignedScratch(count: edges)
    marks = AlignedScratch(count: count)
    nodes = AlignedScratch(count: count)
    touched = AlignedScratch(count: count)
    doubtful = AlignedScratch(count: count)
    started = AlignedScratch(count: count)
    isMember = AlignedScratch(count: layers.width)
    // A node goes in again only when an edge has made it cheaper, and every edge does so once.
    queue = MonotoneQueue(nodeCount: count, capacity: count + edges)
  }

  /// Takes over what is behind the goal, where `distance` is neither 0 nor `.max`.
  mutating func gather(
    _ layers: PathSearchLayers, choices: Span<Int32>, distance raw: UnsafeBufferPointer<Int64>,
    supporter rawSupporter: UnsafeBufferPointer<Int32>
  ) {
    let place = unsafe place.buffer
    let bits = unsafe bits.buffer
    let nodes = unsafe nodes.buffer
    let rawOffsets = layers.parentOffsets.span
    let rawParents = layers.parents.span
    let rawBase = layers.base.span
    let rawAnd = layers.isAnd.span
    var work = 0

    // Back from the goal.
    count = 1
    unsafe nodes[0] = layers.goal
    unsafe place[Int(layers.goal)] = 0
    unsafe bits[Int(layers.goal) >> 6] |= 1 << UInt64(layers.goal & 63)
    var next = 0
    while next < count {
      let node = unsafe Int(nodes[next])
      next += 1
      let choice = rawAnd[node] ? -1 : choices[Int(rawBase[node])]
      let edges = Int(rawOffsets[node])..<Int(rawOffsets[node + 1])
      work += 1 + edges.count
      for edge in edges {
        let parent = rawParents[edge]
        let index = Int(parent)
        guard choice < 0 || choice == rawBase[index], unsafe place[index] < 0,
          unsafe raw[index] > 0 && raw[index] != .max
        else { continue }
        unsafe place[index] = 0
        unsafe bits[index >> 6] |= 1 << UInt64(parent & 63)
        unsafe nodes[count] = parent
        count += 1
      }
    }
    // In the order of their numbers.
    var position: Int32 = 0
    for word in bits.indices {
      var rest = unsafe bits[word]
      unsafe bits[word] = 0
      while rest != 0 {
        let node = word << 6 | rest.trailingZeroBitCount
        rest &= rest - 1
        unsafe place[node] = position
        unsafe nodes[Int(position)] = Int32(truncatingIfNeeded: node)
        position += 1
      }
    }

    let base = unsafe base.buffer
    let isAnd = unsafe isAnd.buffer
    let hasStart = unsafe hasStart.buffer
    let distance = unsafe distance.buffer
    let supporter = unsafe supporter.buffer
    let offsets = unsafe parentOffsets.buffer
    let parents = unsafe parents.buffer
    var filled: Int32 = 0
    for index in 0..<count {
      let node = unsafe Int(nodes[index])
      unsafe offsets[index] = filled
      unsafe base[index] = rawBase[node]
      unsafe isAnd[index] = rawAnd[node]
      unsafe distance[index] = raw[node]
      var starts = isSource[node]
      let choice = rawAnd[node] ? -1 : choices[Int(rawBase[node])]
      for edge in Int(rawOffsets[node])..<Int(rawOffsets[node + 1]) {
        let parent = Int(rawParents[edge])
        guard choice < 0 || choice == rawBase[parent] else { continue }
        let known = unsafe place[parent]
        if known >= 0 {
          unsafe parents[Int(filled)] = known
          filled += 1
        } else if unsafe raw[parent] == 0 {
          starts = true
        }
      }
      if rawAnd[node] {
        unsafe supporter[index] = place[Int(rawSupporter[node])]
        starts = unsafe supporter[index] < 0
      }
      unsafe hasStart[index] = starts
    }
    unsafe offsets[count] = filled
    goal = unsafe Int(place[Int(layers.goal)])
    transpose()
    self.work += work + Int(filled)
  }

  private func transpose() {
    let offsets = unsafe parentOffsets.buffer
    let parents = unsafe parents.buffer
    let starts = unsafe childOffsets.buffer
    let children = unsafe children.buffer
    for node in 0..<count + 2 { unsafe starts[node] = 0 }
    for edge in 0..<(unsafe Int(offsets[count])) { unsafe starts[Int(parents[edge]) + 2] += 1 }
    for node in 0..<count { unsafe starts[node + 2] += starts[node + 1] }
    // starts[v + 1] is where the row of v is filled next; in the end it is where the next row starts.
    for node in 0..<count {
      for edge in unsafe Int(offsets[node])..<Int(offsets[node + 1]) {
        let row = unsafe Int(parents[edge]) + 1
        unsafe children[Int(starts[row])] = Int32(truncatingIfNeeded: node)
        unsafe starts[row] += 1
      }
    }
  }

  /// Adds landmarks until the goal costs nothing, or `limit` are found. `residual` is what the nodes of the
  /// problem cost beside the landmarks.
  mutating func cut(
    _ residual: UnsafeMutableBufferPointer<Int64>, limit: Int, _ landmarks: inout Landmarks
  ) {
    let distance = unsafe distance.buffer
    let end = landmarks.count + limit
    while unsafe distance[goal] > 0 && landmarks.count < end {
      unsafe findMembers(residual)
      var weight = Int64.max
      for member in members { weight = unsafe min(weight, residual[Int(member)]) }
      precondition(!members.isEmpty && weight > 0, "a goal that costs has a cut that costs")
      landmarks.append(weight: weight, members: members)
      unsafe lower(residual, by: weight)
    }
    let place = unsafe place.buffer
    let nodes = unsafe nodes.buffer
    for index in 0..<count { unsafe place[Int(nodes[index])] = -1 }
  }
}
