/// Landmarks in the order in which they were found: sets of nodes of which every derivation of the goal
/// contains one, with weights that share the costs of their members.
struct Landmarks {
  private(set) var weights: [Int64] = []
  private var ends: [Int32] = []
  private var members: [Int32] = []

  var count: Int { weights.count }

  /// Nodes of the problem, ascending.
  func members(of landmark: Int) -> ArraySlice<Int32> {
    members[(landmark > 0 ? Int(ends[landmark - 1]) : 0)..<Int(ends[landmark])]
  }

  /// `isMet` tells of each node whether it is part of a derivation.
  @inline(__always)
  func isMet(_ landmark: Int, _ isMet: (Int32) -> Bool) -> Bool {
    // By place, not over the slice: a slice's iterator would count references for every landmark.
    for place in (landmark > 0 ? Int(ends[landmark - 1]) : 0)..<Int(ends[landmark])
    where isMet(members[place]) {
      return true
    }
    return false
  }

  mutating func append(weight: Int64, members: some Sequence<Int32>) {
    weights.append(weight)
    self.members.append(contentsOf: members)
    ends.append(Int32(self.members.count))
  }
}
