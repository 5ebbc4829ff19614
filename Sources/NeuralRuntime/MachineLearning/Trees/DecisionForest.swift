import EngineSupport
import TensorCore

/// Decision trees in flat arrays: at each node one feature against one number, at each leaf weights for
/// targets.
package struct DecisionForest: Sendable {
  package enum Mode: Int, Sendable {
    case lessOrEqual, less, greaterOrEqual, greater, equal, notEqual, member
  }

  package struct Node: Sendable {
    /// nil at a leaf.
    package var mode: Mode?
    package var feature = 0
    package var value: Float = 0
    package var members: Set<Float> = []
    package var whenTrue = 0
    package var whenFalse = 0
    package var missingIsTrue = false
    package var weights: [(target: Int, weight: Float)] = []
  }

  package var nodes: [Node] = []
  package var roots: [Int] = []
  package var targetCount = 1
  package var baseValues: [Float] = []
  /// SUM, AVERAGE, MIN or MAX.
  package var aggregate = "SUM"
  package var featureCount = 0
  /// Branches and weights on the longest ways through all trees: what one sample takes at most.
  private(set) var stepsOfASample = 0

  package init() {}

  package static func leaf(_ weights: [(target: Int, weight: Float)]) -> Node {
    Node(weights: weights)
  }

  /// Whether only one target has weights, which with two classes means that it speaks for both.
  var scoresOneClass: Bool { Set(nodes.flatMap { $0.weights.map(\.target) }).count == 1 }
  var onlyClass: Int { nodes.lazy.flatMap { $0.weights.map(\.target) }.first ?? 0 }
  var weightsAreShares: Bool { nodes.allSatisfy { $0.weights.allSatisfy { $0.weight >= 0 } } }

  /// The sums of one sample, by target.
  package func sums(_ features: [Float], at start: Int) -> [Float] {
    sums { leaf(from: $0, features, start) }
  }

  /// The sums by target where tree number i ends in node `leaves[i]`.
  package func sums(ofLeaves leaves: [Int]) -> [Float] {
    var trees = leaves.makeIterator()
    return sums { root in trees.next() ?? root }
  }

  /// `leaf` is asked for the leaf of each tree by its root, in the order of the trees.
  private func sums(_ leaf: (Int) -> Int) -> [Float] {
    var sums = [Float](repeating: 0, count: targetCount)
    var isSet = [Bool](repeating: false, count: targetCount)
    for root in roots {
      let leaf = nodes[leaf(root)]
      for (target, weight) in leaf.weights {
        switch aggregate {
        case "MIN": sums[target] = isSet[target] ? min(sums[target], weight) : weight
        case "MAX": sums[target] = isSet[target] ? max(sums[target], weight) : weight
        default: sums[target] += weight
        }
        isSet[target] = true
      }
    }
    if aggregate == "AVERAGE" { sums = sums.map { $0 / Float(max(roots.count, 1)) } }
    for (target, base) in baseValues.enumerated() where target < targetCount {
      sums[target] += base
    }
    return sums
  }

  private func leaf(from root: Int, _ features: [Float], _ start: Int) -> Int {
    var place = root
    while let mode = nodes[place].mode {
      let node = nodes[place]
      let x = features[start + node.feature]
      let isTrue: Bool
      if x.isNaN {
        isTrue = node.missingIsTrue
      } else {
        switch mode {
        case .lessOrEqual: isTrue = x <= node.value
        case .less: isTrue = x < node.value
        case .greaterOrEqual: isTrue = x >= node.value
        case .greater: isTrue = x > node.value
        case .equal: isTrue = x == node.value
        case .notEqual: isTrue = x != node.value
        case .member: isTrue = node.members.contains(x)
        }
      }
      place = isTrue ? node.whenTrue : node.whenFalse
    }
    return place
  }

  /// Every branch leads to a node with a greater depth: a tree whose branches form a cycle would never end. Notes
  /// what the longest ways take.
  private mutating func checkTrees(_ node: OperatorNode) throws(Diagnostic) {
    var state = [UInt8](repeating: 0, count: nodes.count)
    var steps = [Int](repeating: 0, count: nodes.count)
    stepsOfASample = 0
    for root in roots {
      var stack = [(root, false)]
      while let (place, isDone) = stack.popLast() {
        let item = nodes[place]
        if isDone {
          state[place] = 2
          steps[place] =
            item.mode == nil
            ? item.weights.count + 1 : max(steps[item.whenTrue], steps[item.whenFalse]) + 1
          continue
        }
        if state[place] == 2 { continue }
        guard state[place] == 0 else { throw node.mismatch("the branches of a tree form a cycle") }
        state[place] = 1
        stack.append((place, true))
        if item.mode != nil {
          stack.append((item.whenTrue, false))
          if item.whenFalse != item.whenTrue { stack.append((item.whenFalse, false)) }
        }
      }
      // Far over every limit on work already, and small enough to be multiplied by a number of samples.
      stepsOfASample = min(stepsOfASample + steps[root], 1 << 34)
    }
  }
}

/// ai.onnx.ml up to version 3: nodes by tree and node id.
extension DecisionForest {
  private struct Key: Hashable {
    var tree: Int
    var node: Int
  }

  init(classical node: OperatorNode) throws(Diagnostic) {
    func required(_ name: String) throws(Diagnostic) -> [Int] {
      guard let values = try node.ints(name) else { throw node.invalidAttribute(name, "present") }
      return values
    }
    func numbers(_ name: String) throws(Diagnostic) -> [Float]? {
      if let values = try node.floats(name) { return values }
      return (try node.tensor("\(name)_as_tensor") as? any RealTensor)?
        .converted(to: Float.self).elements
    }
    let trees = try required("nodes_treeids")
    let ids = try required("nodes_nodeids")
    let features = try required("nodes_featureids")
    let whenTrue = try required("nodes_truenodeids")
    let whenFalse = try required("nodes_falsenodeids")
    let modes = try node.strings("nodes_modes") ?? []
    let values = try numbers("nodes_values") ?? []
    let missing = try node.ints("nodes_missing_value_tracks_true") ?? []
    let count = trees.count
    guard
      [ids, features, whenTrue, whenFalse].allSatisfy({ $0.count == count }),
      modes.count == count, values.count == count, missing.isEmpty || missing.count == count
    else { throw node.mismatch("the lists of nodes differ in length") }
    var places: [Key: Int] = [:]
    for index in 0..<count {
      let key = Key(tree: trees[index], node: ids[index])
      guard places.updateValue(index, forKey: key) == nil else {
        throw node.mismatch("node \(ids[index]) of tree \(trees[index]) is given twice")
      }
    }
    let names: [String: Mode] = [
      "BRANCH_LEQ": .lessOrEqual, "BRANCH_LT": .less, "BRANCH_GTE": .greaterOrEqual,
      "BRANCH_GT": .greater, "BRANCH_EQ": .equal, "BRANCH_NEQ": .notEqual,
    ]
    for index in 0..<count {
      var item = Node()
      if modes[index] != "LEAF" {
        guard let mode = names[modes[index]],
          let yes = places[Key(tree: trees[index], node: whenTrue[index])],
          let no = places[Key(tree: trees[index], node: whenFalse[index])],
          (0..<NetworkLimits.elements).contains(features[index])
        else { throw node.mismatch("node \(index) has no mode, feature or branches that exist") }
        item = Node(
          mode: mode, feature: features[index], value: values[index], whenTrue: yes, whenFalse: no,
          missingIsTrue: missing.isEmpty ? false : missing[index] != 0)
        featureCount = max(featureCount, features[index] + 1)
      }
      nodes.append(item)
    }
    // The root of a tree is its node that no branch leads to; by convention it comes first.
    var seen: Set<Int> = []
    for index in 0..<count where seen.insert(trees[index]).inserted { roots.append(index) }
    let isClassifier = node.operation == "TreeEnsembleClassifier"
    let kind = isClassifier ? "class" : "target"
    let leafTrees = try required("\(kind)_treeids")
    let leafNodes = try required("\(kind)_nodeids")
    let targets = try required("\(kind)_ids")
    let weights = try numbers("\(kind)_weights") ?? []
    guard leafTrees.count == leafNodes.count, leafTrees.count == targets.count,
      leafTrees.count == weights.count
    else { throw node.mismatch("the lists of leaves differ in length") }
    targetCount =
      isClassifier ? (targets.max() ?? 0) + 1 : try node.int("n_targets") ?? 1
    if isClassifier { targetCount = max(targetCount, try ClassLabels(node).count) }
    guard (1...65_536).contains(targetCount) else {
      throw node.invalidAttribute("n_targets", "from 1 to 65536")
    }
    for index in leafTrees.indices {
      guard let place = places[Key(tree: leafTrees[index], node: leafNodes[index])],
        (0..<targetCount).contains(targets[index])
      else { throw node.mismatch("leaf \(index) belongs to no node or target") }
      nodes[place].weights.append((targets[index], weights[index]))
    }
    baseValues = try numbers("base_values") ?? []
    aggregate = try node.string("aggregate_function") ?? "SUM"
    guard ["SUM", "AVERAGE", "MIN", "MAX"].contains(aggregate) else {
      throw node.invalidAttribute("aggregate_function", "SUM, AVERAGE, MIN or MAX")
    }
    try checkTrees(node)
  }
}

/// ai.onnx.ml version 5: branches and leaves in lists of their own.
extension DecisionForest {
  init(modern node: OperatorNode) throws(Diagnostic) {
    func required(_ name: String) throws(Diagnostic) -> [Int] {
      guard let values = try node.ints(name) else { throw node.invalidAttribute(name, "present") }
      return values
    }
    func numbers(_ name: String) throws(Diagnostic) -> [Float] {
      (try node.tensor(name) as? any NumericTensor)?.converted(to: Float.self).elements ?? []
    }
    let features = try required("nodes_featureids")
    let (yes, no) = (try required("nodes_truenodeids"), try required("nodes_falsenodeids"))
    let (yesLeaf, noLeaf) = (try required("nodes_trueleafs"), try required("nodes_falseleafs"))
    let modes = (try node.tensor("nodes_modes") as? any NumericTensor)?.integers ?? []
    let splits = try numbers("nodes_splits")
    let targets = try required("leaf_targetids")
    let weights = try numbers("leaf_weights")
    let missing = try node.ints("nodes_missing_value_tracks_true") ?? []
    let count = features.count
    guard [yes, no, yesLeaf, noLeaf].allSatisfy({ $0.count == count }), modes.count == count,
      splits.count == count, targets.count == weights.count,
      missing.isEmpty || missing.count == count
    else { throw node.mismatch("the lists of nodes or leaves differ in length") }
    var members = try numbers("membership_values")[...]
    func place(_ index: Int, isLeaf: Int) throws(Diagnostic) -> Int {
      let limit = isLeaf != 0 ? targets.count : count
      guard (0..<limit).contains(index) else {
        throw node.mismatch("a branch leads to \(index), which does not exist")
      }
      return isLeaf != 0 ? count + index : index
    }
    for index in 0..<count {
      guard let mode = Mode(rawValue: Int(modes[index])),
        (0..<NetworkLimits.elements).contains(features[index])
      else { throw node.mismatch("node \(index) has no known mode or feature") }
      var item = Node(
        mode: mode, feature: features[index], value: splits[index],
        whenTrue: try place(yes[index], isLeaf: yesLeaf[index]),
        whenFalse: try place(no[index], isLeaf: noLeaf[index]),
        missingIsTrue: missing.isEmpty ? false : missing[index] != 0)
      if mode == .member {
        // Sets stand one after the other, each closed by NaN.
        while let next = members.popFirst(), !next.isNaN { item.members.insert(next) }
      }
      featureCount = max(featureCount, features[index] + 1)
      nodes.append(item)
    }
    targetCount = try node.int("n_targets") ?? 1
    guard (1...65_536).contains(targetCount) else {
      throw node.invalidAttribute("n_targets", "from 1 to 65536")
    }
    for (target, weight) in zip(targets, weights) {
      guard (0..<targetCount).contains(target) else {
        throw node.mismatch("a leaf speaks for target \(target)")
      }
      nodes.append(Self.leaf([(target, weight)]))
    }
    for root in try required("tree_roots") { roots.append(try place(root, isLeaf: 0)) }
    let names = ["AVERAGE", "SUM", "MIN", "MAX"]
    guard let index = Optional(try node.int("aggregate_function") ?? 1),
      names.indices.contains(index)
    else { throw node.invalidAttribute("aggregate_function", "from 0 to 3") }
    aggregate = names[index]
    try checkTrees(node)
  }
}
