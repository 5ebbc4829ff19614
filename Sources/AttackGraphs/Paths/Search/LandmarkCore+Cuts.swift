internal import TensorCore

/// One landmark: where it is, and what is left when its weight is taken off.
extension LandmarkCore {
  /// Fills `members` with the nodes over which every derivation must step into the zone from which the goal
  /// costs nothing more, in the graph where an AND node rests on its dearest parent only.
  mutating func findMembers(_ residual: UnsafeMutableBufferPointer<Int64>) {
    let base = unsafe base.buffer
    let isAnd = unsafe isAnd.buffer
    let hasStart = unsafe hasStart.buffer
    let distance = unsafe distance.buffer
    let supporter = unsafe supporter.buffer
    let parentOffsets = unsafe parentOffsets.buffer
    let parents = unsafe parents.buffer
    let marks = unsafe marks.buffer
    let touched = unsafe touched.buffer
    let doubtful = unsafe doubtful.buffer
    let started = unsafe started.buffer
    let isMember = unsafe isMember.buffer
    var work = 0
    members.removeAll(keepingCapacity: true)

    unsafe touched[0] = Int32(truncatingIfNeeded: goal)
    unsafe marks[goal] = .zone
    var touchedCount = 1
    var doubtfulCount = 0
    var next = 0
    while next < touchedCount {
      let node = unsafe Int(touched[next])
      next += 1
      let own = unsafe base[node]
      if own >= 0, unsafe residual[Int(own)] > 0 {
        unsafe doubtful[doubtfulCount] = Int32(truncatingIfNeeded: node)
        doubtfulCount += 1
      } else if unsafe isAnd[node] {
        work += 1
        let cause = unsafe supporter[node]
        if cause >= 0, unsafe marks[Int(cause)] == .none {
          unsafe marks[Int(cause)] = .zone
          unsafe touched[touchedCount] = cause
          touchedCount += 1
        }
      } else {
        let edges = unsafe Int(parentOffsets[node])..<Int(parentOffsets[node + 1])
        work += 1 + edges.count
        for edge in edges {
          let cause = unsafe parents[edge]
          guard unsafe marks[Int(cause)] == .none else { continue }
          unsafe marks[Int(cause)] = .zone
          unsafe touched[touchedCount] = cause
          touchedCount += 1
        }
      }
    }

    // Everything cheaper than the goal is derived without the zone, where nothing is that cheap. The rest is
    // doubtful: go back over it, then forward again from where it turns out to have a start.
    let dear = unsafe distance[goal]
    var startedCount = 0
    next = 0
    while next < doubtfulCount {
      let node = unsafe Int(doubtful[next])
      next += 1
      var starts = unsafe hasStart[node]
      // An AND node has one cause here, unless that costs nothing.
      let isOnAll = unsafe isAnd[node]
      let only = unsafe supporter[node]
      let first = unsafe Int(parentOffsets[node])
      let end = unsafe isOnAll ? first + (only >= 0 ? 1 : 0) : Int(parentOffsets[node + 1])
      work += 1 + end - first
      for edge in first..<end {
        let cause = unsafe isOnAll ? only : parents[edge]
        if unsafe distance[Int(cause)] < dear {
          starts = true
        } else if unsafe marks[Int(cause)] == .none {
          unsafe marks[Int(cause)] = .doubtful
          unsafe touched[touchedCount] = cause
          touchedCount += 1
          unsafe doubtful[doubtfulCount] = cause
          doubtfulCount += 1
        }
      }
      guard starts else { continue }
      if unsafe marks[node] == .zone {
        unsafe addMember(base[node])
      } else {
        unsafe marks[node] = .before
        unsafe started[startedCount] = Int32(truncatingIfNeeded: node)
        startedCount += 1
      }
    }
    self.work += work
    unsafe goForward(from: startedCount, residual)
    for index in 0..<touchedCount { unsafe marks[Int(touched[index])] = .none }
    for member in members { unsafe isMember[Int(member)] = false }
    members.sort()
  }

  /// From what is derived without the zone to what may rest on it.
  private mutating func goForward(
    from startedCount: Int, _ residual: UnsafeMutableBufferPointer<Int64>
  ) {
    let base = unsafe base.buffer
    let isAnd = unsafe isAnd.buffer
    let supporter = unsafe supporter.buffer
    let childOffsets = unsafe childOffsets.buffer
    let children = unsafe children.buffer
    let marks = unsafe marks.buffer
    let started = unsafe started.buffer
    var left = startedCount
    while left > 0 {
      left -= 1
      let node = unsafe started[left]
      let edges = unsafe Int(childOffsets[Int(node)])..<Int(childOffsets[Int(node) + 1])
      work += 1 + edges.count
      for edge in edges {
        let child = unsafe children[edge]
        let index = Int(child)
        let mark = unsafe marks[index]
        guard mark == .doubtful || mark == .zone,
          unsafe !isAnd[index] || supporter[index] == node
        else { continue }
        if mark == .doubtful {
          unsafe marks[index] = .before
          unsafe started[left] = child
          left += 1
        } else if unsafe base[index] >= 0 && residual[Int(base[index])] > 0 {
          unsafe addMember(base[index])
        }
      }
    }
  }

  private mutating func addMember(_ node: Int32) {
    let isMember = unsafe isMember.buffer
    if unsafe isMember[Int(node)] { return }
    unsafe isMember[Int(node)] = true
    members.append(node)
  }

  /// Takes `weight` off the cost of `members` and carries the shorter distances on.
  mutating func lower(_ residual: UnsafeMutableBufferPointer<Int64>, by weight: Int64) {
    let place = unsafe place.buffer
    let base = unsafe base.buffer
    let isAnd = unsafe isAnd.buffer
    let distance = unsafe distance.buffer
    let supporter = unsafe supporter.buffer
    let parentOffsets = unsafe parentOffsets.buffer
    let parents = unsafe parents.buffer
    let childOffsets = unsafe childOffsets.buffer
    let children = unsafe children.buffer
    queue.restart()
    for member in members {
      let before = unsafe residual[Int(member)]
      let after = PathSearchBound.withoutDust(before - weight)
      unsafe residual[Int(member)] = after
      for copy in stride(from: Int(member), to: copies, by: layer) {
        let node = unsafe place[copy]
        guard node >= 0 else { continue }
        unsafe distance[Int(node)] -= before - after
        unsafe queue.insert(node, at: distance[Int(node)])
      }
    }
    var work = 0
    while let entry = queue.popFirst() {
      let node = Int(entry.node)
      guard unsafe entry.cost == distance[node] else { continue }
      let edges = unsafe Int(childOffsets[node])..<Int(childOffsets[node + 1])
      work += 1 + edges.count
      for edge in edges {
        let index = unsafe Int(children[edge])
        var shorter = entry.cost
        if unsafe isAnd[index] {
          guard unsafe supporter[index] == entry.node else { continue }
          for other in unsafe Int(parentOffsets[index])..<Int(parentOffsets[index + 1]) {
            let parent = unsafe parents[other]
            guard unsafe distance[Int(parent)] > shorter else { continue }
            unsafe shorter = distance[Int(parent)]
            unsafe supporter[index] = parent
          }
        }
        let own = unsafe base[index]
        if own >= 0 { unsafe shorter += residual[Int(own)] }
        if unsafe shorter < distance[index] {
          unsafe distance[index] = shorter
          queue.insert(Int32(truncatingIfNeeded: index), at: shorter)
        }
      }
    }
    self.work += work
  }
}
