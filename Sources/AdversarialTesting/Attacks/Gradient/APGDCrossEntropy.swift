/// Auto-PGD on the cross-entropy, the first stage of AutoAttack.
///
/// Source: Croce, Hein, ICML 2020.
public struct APGDCrossEntropy: AutoPGDAttack {
  public static let name = "apgd-ce"
  public static var loss: AttackLoss { .crossEntropy }

  public var iterations: Int
  public var restarts: Int

  public init(iterations: Int, restarts: Int) {
    self.iterations = iterations
    self.restarts = restarts
    precondition(isUsable, "an attack needs at least one step and one start")
  }
}
