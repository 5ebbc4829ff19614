/// Auto-PGD on the difference of logits ratio, which a rescaled model does not fool.
///
/// With fewer than three classes, or for a goal that is no class, the margin is climbed instead.
/// Source: Croce, Hein, ICML 2020.
public struct APGDLogitRatio: AutoPGDAttack {
  public static let name = "apgd-dlr"
  public static var loss: AttackLoss { .logitRatio }

  public var iterations: Int
  public var restarts: Int

  public init(iterations: Int, restarts: Int) {
    self.iterations = iterations
    self.restarts = restarts
    precondition(isUsable, "an attack needs at least one step and one start")
  }
}
