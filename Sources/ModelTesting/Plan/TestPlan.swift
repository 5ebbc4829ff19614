public import EngineSupport

/// A test plan (`test-plan.yaml`): what a model's inputs are physically, who can change them and how far, on which
/// samples it is tested and what counts as passed. Everything here is fixed and hashed before anything runs.
///
/// Read with `TestPlan(reading:)`; the manual's page "Test plan" documents each key.
public struct TestPlan: Sendable {
  /// The document's name in diagnostics and evidence.
  public var document: String
  public var title: String
  public var task: Task
  /// The digest the model's file must have; `nil` where the plan is for any file.
  public var modelDigest: ContentDigest?
  public var input: Input
  public var data: Data
  /// At most one for each front.
  public var attackers: [Attacker]
  /// Every attacker once more, over signals that are longer than a window.
  public var streams: StreamTest?
  /// Readings drawn from the channels' own noise.
  public var noise: NoiseTest?
  public var faults: FaultTest?
  public var corruptions: CorruptionTest?
  public var certificates: CertificateTest?
  /// Sensor faults whose numbers are proved harmless, one by one.
  public var faultCertificates: [FaultCertificateTest]
  /// What must hold over whole boxes of readings.
  public var properties: [PropertyTest]
  /// Certified accuracy under noise.
  public var smoothing: SmoothingTest?
  public var seed: UInt64

  /// What the model's output means.
  public enum Task: Sendable, Hashable {
    /// One score a class. `quiet` is the class that raises no alarm, where the model is a detector.
    case classification(classes: [String]?, quiet: Int?)
    /// A number; an answer is wrong when it moves by more than `tolerance` from that of the clean sample.
    case regression(tolerance: Double, unit: String)
  }

  /// Evaluation data and the rule by which samples are drawn from them.
  public struct Data: Sendable {
    public var file: FileReference
    /// Names of arrays in the archive.
    public var inputs: String
    /// `nil` for a regression.
    public var labels: String?
    /// True values of a regression, for its error on clean samples.
    public var targets: String?
    /// An integer a sample; of samples with the same number one is drawn, since they depend on each other.
    public var groups: String?
    public var rule: SamplingRule
    public var seed: UInt64
  }

  public enum SamplingRule: Sendable, Hashable {
    case all
    case count(Int)
    /// As many as prove, with at most `failures` failures, a failure rate below `rate`.
    case proving(rate: Double, confidence: Double, failures: Int)
    /// As many as give an interval of this half width at a rate of one half.
    case halfWidth(Double, confidence: Double)
  }

  public struct NoiseTest: Sendable, Hashable {
    /// Noisy readings tried on each sample.
    public var draws: Int
    public var reason: String
  }

  /// The catalogue of sensor faults on channels of a time series or a snapshot.
  public struct FaultTest: Sendable, Hashable {
    /// Places of channels; each is disturbed on its own.
    public var channels: [Int]
    /// First sample of the window that is disturbed, and how many; a snapshot has one.
    public var onset: Int
    public var duration: Int?
    public var reason: String
  }

  /// The catalogue of image corruptions.
  public struct CorruptionTest: Sendable, Hashable {
    public var reason: String
  }

  /// Radii inside which no example exists, for the attacker of one front.
  public struct CertificateTest: Sendable, Hashable {
    public var front: Front
    /// Samples certified at most, from the first drawn on.
    public var samples: Int
  }

  /// A path relative to the plan, with the place that names it.
  public struct FileReference: Sendable, Hashable {
    public var path: String
    public var location: SourceLocation

    public init(path: String, location: SourceLocation) {
      self.path = path
      self.location = location
    }
  }

  /// From where an attacker reaches the model's input.
  public enum Front: String, Sendable, Hashable, CaseIterable {
    case sensor, network
  }
}

extension TestPlan {
  /// Every file the plan names, in its order.
  public var references: [FileReference] {
    [data.file] + [streams?.data.file].compactMap(\.self)
      + attackers.compactMap(\.measurementModel?.file)
  }

  /// The classes' names, or their numbers where the plan gives none.
  public func name(ofClass index: Int) -> String {
    guard case .classification(let names?, _) = task, names.indices.contains(index) else {
      return String(index)
    }
    return names[index]
  }
}
