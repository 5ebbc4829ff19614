/// An attack whose effort is a number of steps from each of a number of starts.
public protocol RestartedAttack: AdversarialAttack {
  /// Steps from each start.
  var iterations: Int { get set }
  var restarts: Int { get set }
}

extension RestartedAttack {
  public static var needs: TargetAccess { .gradients }

  /// Twice the steps from twice the starts, for the check that the attack has converged.
  public var doubled: (any AdversarialAttack)? {
    var doubled = self
    doubled.iterations *= 2
    doubled.restarts *= 2
    return doubled.isUsable ? doubled : nil
  }

  /// Steps and starts as evidence shows them.
  var effort: [AttackParameter] {
    [
      AttackParameter("iterations", String(iterations)),
      AttackParameter("restarts", String(restarts)),
    ]
  }
}
