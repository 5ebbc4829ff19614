import EngineSupport

/// S5, S6 and S8: whether more effort, less knowledge or another model breaks what the attack left.
extension AuditRun {
  /// Half a point of robust accuracy (S5), and a fifth of one (S6, the flag of AutoAttack's authors).
  private static let convergenceLimit = 0.005
  private static let blackBoxLimit = 0.002

  /// Twice the iterations and restarts on the survivors.
  mutating func convergence() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s5Converged
    guard let doubled = campaign.attack.doubled else {
      return check(identifier, .notApplicable, "this attack has no effort that could be doubled")
    }
    guard !trials.isEmpty else { return nothingToAttack(identifier) }
    let rows = survivors
    let more = try broken(rows, by: doubled, within: set, stage: "audit.doubled").count { $0 }
    let change = Double(more) / Double(trials.count)
    return check(
      identifier, change < Self.convergenceLimit ? .pass : .fail,
      "twice the effort breaks \(more) of \(rows.count) survivors, "
        + "\(DecimalText.fixed(change * 100, digits: 2)) points of robust accuracy (limit 0.5)")
  }

  /// The random search that suits the norm, on the survivors.
  mutating func blackBox() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s6WhiteBoxNotBelowBlackBox
    guard isGradientAttack else {
      return check(identifier, .notApplicable, "this attack takes no gradients")
    }
    guard !trials.isEmpty else { return nothingToAttack(identifier) }
    let attack: any AdversarialAttack =
      set.norm == .l0
      ? SparseRandomSearch(queries: audit.blackBoxQueries)
      : SquareAttack(queries: audit.blackBoxQueries)
    let rows = survivors
    let more = try broken(rows, by: attack, within: set, stage: "audit.black-box").count { $0 }
    let change = Double(more) / Double(trials.count)
    return check(
      identifier, change <= Self.blackBoxLimit ? .pass : .fail,
      "\(type(of: attack).name) with \(audit.blackBoxQueries) queries breaks \(more) of "
        + "\(rows.count) survivors; above 0.2 points the gradients are masked")
  }

  /// Examples made on a surrogate, shown to the model.
  mutating func transfer() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s8TransferNotAboveWhiteBox
    guard isGradientAttack else {
      return check(identifier, .notApplicable, "this attack takes no gradients")
    }
    guard !trials.isEmpty else { return nothingToAttack(identifier) }
    let attack = TransferAttack(
      surrogate: evidence.surrogate, starts: 5, iterations: 40, probes: 100)
    let rows = survivors
    let more = try broken(rows, by: attack, within: set, stage: "audit.transfer").count { $0 }
    return check(
      identifier, more == 0 ? .pass : .fail,
      "examples made on \(evidence.surrogate?.name ?? "a fitted affine surrogate") break \(more) of "
        + "\(rows.count) survivors")
  }
}
