public import EngineSupport

/// An attack with its parameters as a stored plan holds it: by name, checked when it is read.
///
/// Equal plans have equal bytes in a canonical encoding, so a plan can be hashed before anything runs. What
/// is fitted or given at run time (a surrogate model) is not part of it.
public struct AttackPlan: Sendable {
  public let attack: any AdversarialAttack

  /// An attack that is known to be usable.
  init(usable attack: any AdversarialAttack) {
    precondition(attack.isUsable, "a plan holds what can run")
    self.attack = attack
  }

  /// - Throws: `test.attack.parameters` when a parameter is out of its range.
  public init(_ attack: any AdversarialAttack) throws(Diagnostic) {
    guard attack.isUsable else {
      throw Diagnostic(
        "test.attack.parameters",
        "a parameter of \(type(of: attack).name) is out of its range")
    }
    self.attack = attack
  }
}

extension AttackPlan: Hashable {
  public static func == (left: AttackPlan, right: AttackPlan) -> Bool {
    AnyHashable(left.attack) == AnyHashable(right.attack)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(attack)) }
}

extension AttackPlan: Codable {
  private enum CodingKeys: String, CodingKey { case attack, parameters }

  /// - Throws: `test.attack.unknown` for a name that is not in the list, `test.attack.parameters`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .attack)
    guard let kind = AdversarialAttacks.all.first(where: { $0.name == name }) else {
      throw Diagnostic("test.attack.unknown", "no attack is called \"\(name)\"")
    }
    try self.init(try kind.init(from: try container.superDecoder(forKey: .parameters)))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type(of: attack).name, forKey: .attack)
    try attack.encode(to: container.superEncoder(forKey: .parameters))
  }
}
