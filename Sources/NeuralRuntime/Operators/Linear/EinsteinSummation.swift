package import EngineSupport
package import TensorCore

/// Einsum: products of operands summed over the letters that the result does not name.
///
/// Each output is one chain of fused multiply-adds over those letters in the order they first appear.
package struct EinsteinSummation: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature(
      "Einsum", opsets: 12...OperatorSignature.newestOpset, operands: 1...16,
      attributes: ["equation"])
  ]

  package let node: OperatorNode
  private let operandTerms: [[Character]]
  private let resultTerm: [Character]?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let equation = try node.string("equation"), equation.utf8.count <= 1_024 else {
      throw node.invalidAttribute("equation", "present and of at most 1024 letters")
    }
    let sides = equation.filter { $0 != " " }.split(
      separator: "-", omittingEmptySubsequences: false)
    guard sides.count <= 2, sides.count == 1 || sides[1].hasPrefix(">") else {
      throw node.invalidAttribute("equation", "of the form a,b->c")
    }
    operandTerms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
      .map { Self.letters($0) }
    resultTerm = sides.count == 2 ? Self.letters(sides[1].dropFirst()) : nil
    for letter in operandTerms.joined() + (resultTerm ?? [])
    where letter != "…" && !(letter.isASCII && letter.isLetter) {
      throw node.invalidAttribute("equation", "made of letters and ...")
    }
  }

  private static func letters(_ term: Substring) -> [Character] {
    var result: [Character] = []
    for letter in term {
      if letter == "." {
        if result.last != "…" { result.append("…") }
      } else {
        result.append(letter)
      }
    }
    return result
  }

  /// The sum as a walk: kept letters, then summed ones, with the strides of each operand.
  private struct Plan {
    var kept: [Int]
    var summed: [Int]
    var keptStrides: [[Int]]
    var summedStrides: [[Int]]
  }

  private func plan(_ shapes: [[Int]]) throws(Diagnostic) -> Plan {
    guard shapes.count == operandTerms.count else {
      throw node.mismatch("\(shapes.count) operands for \(operandTerms.count) terms")
    }
    // Axes under an ellipsis are named from the last one on by numbers.
    var terms: [[String]] = []
    var widest = 0
    for (term, shape) in zip(operandTerms, shapes) {
      let free = shape.count - term.filter { $0 != "…" }.count
      guard free >= 0, free == 0 || term.contains("…"), term.filter({ $0 == "…" }).count <= 1 else {
        throw node.mismatch("the term \(String(term)) does not name the axes of \(shape)")
      }
      widest = max(widest, term.contains("…") ? free : 0)
      terms.append(
        term.flatMap { letter -> [String] in
          letter == "…" ? (0..<free).reversed().map { "\($0)" } : [String(letter)]
        })
    }
    let ellipsis = (0..<widest).reversed().map { "\($0)" }
    var lengths: [String: Int] = [:]
    for (term, shape) in zip(terms, shapes) {
      for (name, length) in zip(term, shape) {
        let known = lengths[name] ?? 1
        guard known == length || known == 1 || length == 1 else {
          throw node.mismatch("\(name) stands for \(known) and for \(length)")
        }
        lengths[name] = known == 1 ? length : known
      }
    }
    var names: [String]
    if let resultTerm {
      names = resultTerm.flatMap { $0 == "…" ? ellipsis : [String($0)] }
    } else {
      let all = terms.joined()
      let once = Set(all).filter { name in all.filter { $0 == name }.count == 1 }
      names = ellipsis + once.filter { !ellipsis.contains($0) }.sorted()
    }
    guard Set(names).count == names.count, names.allSatisfy({ lengths[$0] != nil }) else {
      throw node.mismatch("the result names an axis twice or one that no operand has")
    }
    var rest: [String] = []
    for name in terms.joined() where !names.contains(name) && !rest.contains(name) {
      rest.append(name)
    }
    func strides(_ wanted: [String]) -> [[Int]] {
      zip(terms, shapes).map { term, shape in
        let own = IndexWalk.strides(shape)
        return wanted.map { name in
          term.indices.reduce(0) { $0 + (term[$1] == name && shape[$1] != 1 ? own[$1] : 0) }
        }
      }
    }
    return Plan(
      kept: names.map { lengths[$0] ?? 1 }, summed: rest.map { lengths[$0] ?? 1 },
      keptStrides: strides(names), summedStrides: strides(rest))
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let plan = try plan(operands)
    guard let kept = NetworkLimits.volume(plan.kept),
      let summed = NetworkLimits.volume(plan.summed),
      kept * summed <= NetworkLimits.work
    else {
      throw Diagnostic("onnx.shape.too-large", "Einsum: too many products", at: node.location)
    }
    return [plan.kept]
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    guard let plan = try? plan(operands) else { return 0 }
    return plan.kept.reduce(1, *) * plan.summed.reduce(1, *)
  }

  /// Calls `body` with the output's element and the operands' elements of each product, in order.
  func forEachProduct(_ shapes: [[Int]], _ body: (Int, [Int]) -> Void) {
    guard let plan = try? plan(shapes) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let starts = plan.keptStrides.map { IndexWalk.positions(plan.kept, strides: $0) }
    let offsets = plan.summedStrides.map { IndexWalk.positions(plan.summed, strides: $0) }
    var places = [Int](repeating: 0, count: shapes.count)
    for output in 0..<plan.kept.reduce(1, *) {
      for step in 0..<plan.summed.reduce(1, *) {
        for operand in places.indices {
          places[operand] = starts[operand][output] + offsets[operand][step]
        }
        body(output, places)
      }
    }
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let shapes = operands.map(\.shape)
    guard let shape = try? outputShapes(for: shapes)[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let elements = operands.map(\.elements)
    var y = [S](repeating: 0, count: shape.reduce(1, *))
    forEachProduct(shapes) { output, places in
      var factor: S = 1
      for operand in 1..<max(places.count, 1) { factor *= elements[operand][places[operand]] }
      y[output].addProduct(elements[0][places[0]], factor)
    }
    return [Tensor(shape: shape, elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let elements = record.operands.map(\.elements)
    let g = cotangents[0].elements
    var sums = elements.map { [S](repeating: 0, count: $0.count) }
    forEachProduct(record.operands.map(\.shape)) { output, places in
      for operand in places.indices where record.needsGradient[operand] {
        var factor: S = 1
        for other in places.indices where other != operand {
          factor *= elements[other][places[other]]
        }
        sums[operand][places[operand]].addProduct(g[output], factor)
      }
    }
    return sums.indices.map {
      record.needsGradient[$0]
        ? Tensor(shape: record.operands[$0].shape, elements: sums[$0]) : nil
    }
  }
}
