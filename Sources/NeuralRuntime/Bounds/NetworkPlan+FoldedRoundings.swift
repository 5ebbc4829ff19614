import TensorCore

/// What an engine may add to a layer's rounding by folding a normalisation into it, as ours does.
///
/// A layer of n products with a folded normalisation is one chain that starts from the folded bias, with weights
/// that were rounded once more: the products meet at most 3 roundings more than in the layer alone, and the
/// normalisation's own constants meet the whole chain.
extension NetworkPlan {
  /// Roundings by the value that a step makes: 3 for a layer, n + 4 for the normalisation that reads it alone.
  var foldedRoundings: [Int: Int] {
    var result: [Int: Int] = [:]
    for step in steps where step.operation is BatchNormalization {
      guard case .value(let layer)? = step.operands.first,
        let producer = steps.first(where: { $0.results.contains(layer) }),
        let operation = producer.operation as? any BilinearOperator
      else { continue }
      let shapes = producer.operands.map { source in
        switch source {
        case .value(let index): values[index].shape
        case .constant(let index): constants[index].shape
        }
      }
      // A normalisation may follow another one: the allowance of each counts the layer's whole chain.
      result[layer] = 3
      result[step.results[0]] = operation.terms(for: shapes) + 4
    }
    return result
  }
}
