/// Recurrent layers as their steps, for linear bounds.
extension NetworkPlan {
  /// The plan with each recurrent layer replaced by products, activations and mixtures step by step, where the layer
  /// has one of the usual forms and is not large; other layers stay as they are.
  var unrolled: NetworkPlan {
    guard steps.contains(where: { $0.operation is RecurrentLayer }) else { return self }
    var plan = self
    plan.steps = []
    var room = RecurrentUnrolling.limit
    for step in steps {
      if let layer = step.operation as? RecurrentLayer,
        let unrolling = RecurrentUnrolling(layer, step, in: plan, producers: steps, room: &room)
      {
        plan = unrolling.plan
      } else {
        plan.steps.append(step)
      }
    }
    return plan.selecting(output)
  }
}
