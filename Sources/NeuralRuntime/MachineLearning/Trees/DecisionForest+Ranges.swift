import TensorCore

/// What a forest's sums can be over a box of samples: in each tree the leaves that some sample of the box reaches.
extension DecisionForest {
  /// Nodes, weights and members of sets: what finding the leaves takes at most for one sample.
  var leafSearchWork: Int { nodes.reduce(0) { $0 + Self.work(of: $1) } }

  private static func work(of node: Node) -> Int { 1 + node.weights.count + node.members.count }

  /// The values of one feature on the way to a node. No value at all is left where the range is empty and nothing can be
  /// missing.
  private struct Values {
    var low: Double
    var high: Double
    var mayBeMissing: Bool

    var isPossible: Bool { low <= high || mayBeMissing }
  }

  /// What the leaves of one tree give a target.
  private struct Reach {
    var range: Ranges.Range
    /// Leaves that speak for the target, and how often one of them does.
    var leaves: Int
    var words: Int
  }

  /// The range of each target's sum.
  ///
  /// In a tree the leaves are exactly those whose conditions on the way, taken together, some number fulfils; only of a
  /// number that a test for inequality leaves out nothing is remembered but at the ends. Nodes that many ways lead to,
  /// which no tree has, are looked at as often as the forest has nodes in all; then every leaf is taken for possible.
  ///
  /// - Parameter start: Where the sample starts in `x`. A feature without a finite range may be missing.
  func sumRanges(over x: IntervalTensor, at start: Int) -> [Ranges.Range] {
    var values = (0..<featureCount).map { feature -> Values in
      let range = x[start + feature]
      // An engine may round a feature to `Float` first.
      let low = min(range.low, Double(Float(range.low)))
      let high = max(range.high, Double(Float(range.high)))
      return Values(low: low, high: high, mayBeMissing: !low.isFinite || !high.isFinite)
    }
    var work = leafSearchWork
    var sums = TargetSums(self)
    lazy var every = reach(ofLeaves: nodes.indices.filter { nodes[$0].mode == nil })
    for root in roots {
      let leaves = leaves(from: root, &values, &work)
      let isKnown = work >= 0
      sums.add(isKnown ? reach(ofLeaves: leaves) : every, leaves: isKnown ? leaves.count : .max)
    }
    return sums.ranges
  }

  /// The leaves below a node that can be reached, in the order of their places in the tree; `work` below 0 when it ran out.
  private func leaves(from root: Int, _ values: inout [Values], _ work: inout Int) -> [Int] {
    enum Visit {
      case enter(Int)
      case narrow(Int, Values)
    }
    var leaves: [Int] = []
    var stack = [Visit.enter(root)]
    while let visit = stack.popLast() {
      switch visit {
      case .narrow(let feature, let range): values[feature] = range
      case .enter(let place):
        guard work >= 0 else { continue }
        work -= Self.work(of: nodes[place])
        let node = nodes[place]
        guard let mode = node.mode else {
          leaves.append(place)
          continue
        }
        let known = values[node.feature]
        stack.append(.narrow(node.feature, known))
        for (isTrue, next) in [(false, node.whenFalse), (true, node.whenTrue)] {
          let narrowed = Self.narrowed(known, mode, node, isTrue)
          guard narrowed.isPossible else { continue }
          stack.append(.enter(next))
          stack.append(.narrow(node.feature, narrowed))
        }
      }
    }
    return leaves
  }

  private static func narrowed(
    _ values: Values, _ mode: Mode, _ node: Node, _ isTrue: Bool
  ) -> Values {
    var result = values
    let limit = Double(node.value)
    result.mayBeMissing = values.mayBeMissing && node.missingIsTrue == isTrue
    func keepBelow(_ most: Double) { result.high = min(result.high, most) }
    func keepAbove(_ least: Double) { result.low = max(result.low, least) }
    func keepNothing() { (result.low, result.high) = (.infinity, -.infinity) }
    func leaveOut(_ numbers: (Double) -> Bool) {
      if numbers(result.low) { result.low = result.low.nextUp }
      if numbers(result.high) { result.high = result.high.nextDown }
    }
    // No number is below, above or equal to a limit that is none.
    if limit.isNaN, mode != .member {
      if isTrue != (mode == .notEqual) { keepNothing() }
      return result
    }
    switch (mode, isTrue) {
    case (.lessOrEqual, true), (.greater, false): keepBelow(limit)
    case (.lessOrEqual, false), (.greater, true): keepAbove(limit.nextUp)
    case (.less, true), (.greaterOrEqual, false): keepBelow(limit.nextDown)
    case (.less, false), (.greaterOrEqual, true): keepAbove(limit)
    case (.equal, true), (.notEqual, false):
      keepBelow(limit)
      keepAbove(limit)
    case (.equal, false), (.notEqual, true): leaveOut { $0 == limit }
    case (.member, true):
      var (least, most) = (Double.infinity, -Double.infinity)
      for member in node.members
      where Double(member) >= result.low && Double(member) <= result.high {
        least = min(least, Double(member))
        most = max(most, Double(member))
      }
      (result.low, result.high) = (least, most)
    case (.member, false): leaveOut { node.members.contains(Float($0)) && Double(Float($0)) == $0 }
    }
    return result
  }

  /// What these leaves give each target that one of them speaks for, by ascending target.
  private func reach(ofLeaves leaves: [Int]) -> [(target: Int, reach: Reach)] {
    var found: [Int: Reach] = [:]
    for leaf in leaves {
      var own: [Int: Reach] = [:]
      for (target, weight) in nodes[leaf].weights {
        let known = own[target]
        own[target] = Reach(
          range: combined(known?.range, Double(weight)), leaves: 1, words: (known?.words ?? 0) + 1)
      }
      // Each target is met for itself: no order shows.
      for (target, reach) in own {
        guard let known = found[target] else {
          found[target] = reach
          continue
        }
        found[target] = Reach(
          range: (
            min(known.range.low, reach.range.low), max(known.range.high, reach.range.high)
          ), leaves: known.leaves + 1, words: max(known.words, reach.words))
      }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A leaf may speak for a target more than once.
  private func combined(_ known: Ranges.Range?, _ weight: Double) -> Ranges.Range {
    guard let known else { return (weight, weight) }
    switch aggregate {
    case "MIN": return (min(known.low, weight), min(known.high, weight))
    case "MAX": return (max(known.low, weight), max(known.high, weight))
    default: return Ranges.sum(known, (weight, weight))
    }
  }

  /// The sums of ranges over the trees, for each target, and what engines may be off in adding.
  private struct TargetSums {
    private let forest: DecisionForest
    private var totals: [Ranges.Range]
    private var sizes: [Double]
    private var terms: [Int]
    /// With MIN and MAX: whether some tree surely speaks for the target, and whether one may.
    private var isSure: [Bool]
    private var isSet: [Bool]

    init(_ forest: DecisionForest) {
      self.forest = forest
      let count = forest.targetCount
      totals = Array(repeating: (0, 0), count: count)
      sizes = Array(repeating: 0, count: count)
      terms = Array(repeating: 0, count: count)
      isSure = Array(repeating: false, count: count)
      isSet = isSure
    }

    mutating func add(_ reach: [(target: Int, reach: Reach)], leaves: Int) {
      for (target, reach) in reach {
        let isSurely = reach.leaves == leaves
        var range = reach.range
        switch forest.aggregate {
        case "MIN", "MAX": combine(range, target, isSurely)
        default:
          if !isSurely { range = (min(range.low, 0), max(range.high, 0)) }
          totals[target] = Ranges.sum(totals[target], range)
          sizes[target] += Ranges.magnitude(range).high
          terms[target] += reach.words + 1
        }
      }
    }

    private mutating func combine(_ range: Ranges.Range, _ target: Int, _ isSurely: Bool) {
      let known = totals[target]
      let isLeast = forest.aggregate == "MIN"
      func better(_ a: Double, _ b: Double) -> Double { isLeast ? min(a, b) : max(a, b) }
      func worse(_ a: Double, _ b: Double) -> Double { isLeast ? max(a, b) : min(a, b) }
      let (best, worst) = isLeast ? (range.low, range.high) : (range.high, range.low)
      let (knownBest, knownWorst) = isLeast ? (known.low, known.high) : (known.high, known.low)
      let newBest = isSet[target] ? better(knownBest, best) : best
      // A tree that may be silent cannot improve the worst case, as long as another one speaks for sure.
      let newWorst: Double
      switch (isSure[target], isSurely) {
      case (true, true): newWorst = better(knownWorst, worst)
      case (true, false): newWorst = knownWorst
      case (false, true): newWorst = worst
      case (false, false): newWorst = isSet[target] ? worse(knownWorst, worst) : worst
      }
      totals[target] = isLeast ? (newBest, newWorst) : (newWorst, newBest)
      isSet[target] = true
      isSure[target] = isSure[target] || isSurely
    }

    var ranges: [Ranges.Range] {
      totals.indices.map { target in
        var range = totals[target]
        var size = sizes[target]
        switch forest.aggregate {
        case "MIN", "MAX":
          // Without a word from any tree the sum stays 0.
          if !isSure[target] { range = (min(range.low, 0), max(range.high, 0)) }
          size = Ranges.magnitude(range).high
        case "AVERAGE":
          let count = Double(max(forest.roots.count, 1))
          range = (
            ((range.low / count).nextDown).nextDown, ((range.high / count).nextUp).nextUp
          )
          size /= count
        default: break
        }
        if target < forest.baseValues.count {
          let base = Double(forest.baseValues[target])
          range = Ranges.sum(range, (base, base))
          size += abs(base)
        }
        // Nothing is known of a sum that may have left the numbers of `Float`.
        guard sizes[target] < OutwardRounding.overflow, size < OutwardRounding.overflow,
          !size.isNaN
        else { return (-.infinity, .infinity) }
        let room = OutwardRounding.error(ofSum: terms[target] + 4, magnitude: size)
        return (range.low - room, range.high + room)
      }
    }
  }
}
