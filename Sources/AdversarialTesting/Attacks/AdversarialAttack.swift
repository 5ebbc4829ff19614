import EngineSupport

/// A search for a reading inside a perturbation set that makes the model answer what the attacker wants.
///
/// A new attack is one file in a folder of `Attacks` and one line in `AdversarialAttacks.all`; the contract
/// suite then checks that it stays inside budget, range, grid and access, and gives the same findings for a
/// seed at any batch size. Attacks are values that can be stored, so that a plan can be hashed before it runs.
public protocol AdversarialAttack: Sendable, Hashable, Codable {
  /// A stable name for evidence, such as `projected-gradient-descent`.
  static var name: String { get }
  static var needs: TargetAccess { get }
  /// The norms the attack searches in; another norm is a `test.attack.norm` diagnostic.
  static var norms: [PerturbationNorm] { get }
  /// Whether the attack looks for the smallest change, and so can work without a budget.
  static var minimisesDistance: Bool { get }
  /// Whether a search sees the whole sample before it changes any of it. Controls that do are no measure for one that
  /// does not.
  static var foresees: Bool { get }
  /// With the default parameters.
  init()
  /// Whether the parameters are in their ranges: a stored plan may hold anything.
  var isUsable: Bool { get }
  /// The full set of parameters, for evidence, in a fixed order.
  var parameters: [AttackParameter] { get }
  /// The same attack with twice the effort, for the check that it has converged; `nil` where effort is no
  /// parameter.
  var doubled: (any AdversarialAttack)? { get }
  /// The attack fitted to data before it searches: a perturbation common to all samples, a history to replay.
  /// Attacks that treat samples one by one return themselves.
  func prepared(
    on batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> any AdversarialAttack
  /// One finding for each sample of the batch, in its order.
  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding]
}

extension AdversarialAttack {
  public static var norms: [PerturbationNorm] { PerturbationNorm.allCases }
  public static var minimisesDistance: Bool { false }
  public static var foresees: Bool { true }
  public var doubled: (any AdversarialAttack)? { nil }

  public func prepared(
    on batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> any AdversarialAttack { self }

  /// Whether a single step along the gradient and random noise are tried beside it.
  static var hasControls: Bool { needs == .gradients && foresees }

  /// - Throws: `test.attack.norm` when the attack does not search in the set's norm.
  func requireNorm(of batch: AttackBatch) throws(Diagnostic) {
    guard Self.norms.contains(batch.set.norm) else {
      throw Diagnostic(
        "test.attack.norm", "\(Self.name) does not search in the \(batch.set.norm.rawValue) norm")
    }
  }
}

/// A parameter of an attack as evidence shows it.
public struct AttackParameter: Sendable, Hashable, Codable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension Int {
  /// Whether a plan's count of steps, starts or queries is one: positive, and not a typing error.
  var isCount: Bool { self > 0 && self <= 1_000_000 }
}
