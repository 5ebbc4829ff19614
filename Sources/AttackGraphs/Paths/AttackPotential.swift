/// What an attacker must bring for one step, in the five factors of the Common Evaluation Methodology, and
/// the points they add up to.
///
/// Source: ISO/IEC 18045 (CEM), Annex B, as used by the TeleTrusT test scheme for IEC 62443-4-2 (2019),
/// Annex D. The points of ≤ 1 week, ≤ 1 month, ≤ 2 months, proficient, restricted, specialised, bespoke,
/// multiple bespoke, layman, public, unlimited and standard were checked against public documents. All
/// others are from general knowledge of CEM v3.1 R5 and unchecked; `isConfirmed` tells them apart.
public struct AttackPotential: Sendable, Hashable {
  public var elapsedTime: ElapsedTime
  public var expertise: Expertise
  public var knowledge: Knowledge
  public var window: WindowOfOpportunity
  public var equipment: Equipment

  public init(
    elapsedTime: ElapsedTime, expertise: Expertise, knowledge: Knowledge,
    window: WindowOfOpportunity, equipment: Equipment
  ) {
    self.elapsedTime = elapsedTime
    self.expertise = expertise
    self.knowledge = knowledge
    self.window = window
    self.equipment = equipment
  }

  /// The sum over the factors.
  public var points: Int {
    elapsedTime.points + expertise.points + knowledge.points + window.points + equipment.points
  }

  /// Whether the points of all five levels were checked against a public document.
  public var isConfirmed: Bool {
    elapsedTime.isConfirmed && expertise.isConfirmed && knowledge.isConfirmed
      && window.isConfirmed && equipment.isConfirmed
  }
}
