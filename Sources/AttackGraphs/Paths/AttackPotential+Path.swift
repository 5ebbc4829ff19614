/// Attack potential of whole paths, in two ways that must not be mixed up, and what it means for a security
/// level.
extension AttackPotential {
  /// Both numbers of one path, from its distinct steps.
  public struct Path: Sendable, Hashable {
    /// The points of every distinct step added up: the cost that orders lists of paths
    /// (`StepCost.attackPotentialPoints`).
    public var pointsSummedOverSteps: Int
    /// The path as one attack, the way of the evaluation methodology: of each factor the hardest level that
    /// any step asks for, except that elapsed times are added (their longest days, months of 30 days).
    /// Compare this one with ratings. `nil` for a path without steps.
    public var combined: AttackPotential?

    public init(ofDistinctSteps steps: some Sequence<AttackPotential>) {
      pointsSummedOverSteps = 0
      var days: Int? = 0
      for step in steps {
        pointsSummedOverSteps += step.points
        days = days.flatMap { sum in step.elapsedTime.days.map { sum + $0 } }
        let time = days.map { ElapsedTime(days: $0) } ?? .longer
        let before = combined ?? step
        combined = AttackPotential(
          elapsedTime: time,
          expertise: harder(before.expertise, step.expertise),
          knowledge: harder(before.knowledge, step.knowledge),
          window: harder(before.window, step.window),
          equipment: harder(before.equipment, step.equipment))
      }
    }
  }

  /// The highest security level, 0 for none, up to 3, that withstands an attack which asks for so many points:
  /// more than 0 for SL 1, more than 4 for SL 2, more than 14 for SL 3. The scheme has no rule for SL 4. A
  /// product withstands what its easiest path does.
  ///
  /// Source: TeleTrusT test scheme for IEC 62443-4-2 (2019), Annex D.
  public static func withstoodSecurityLevel(points: Int) -> Int {
    points > 14 ? 3 : points > 4 ? 2 : points > 0 ? 1 : 0
  }
}

private func harder<Level: AttackPotential.Level>(_ left: Level, _ right: Level) -> Level {
  left.points < right.points ? right : left
}
