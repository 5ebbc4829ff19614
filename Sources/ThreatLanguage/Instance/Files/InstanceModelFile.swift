/// An instance model as mal-toolbox's files carry it: the model, and what the file says beside it.
///
/// Reading is in `InstanceModelFile+Reading.swift`, writing in `InstanceModelFile+Writing.swift`; what one
/// writes the other reads back as an equal value. Older layouts are brought to today's while they are read.
public struct InstanceModelFile: Sendable, Hashable {
  /// Assets in the order of the file; links in order of left asset, right asset and association.
  public var model: InstanceModel
  /// `metadata` of the file, in its order: `name`, `langID`, `langVersion` and whatever else stands there.
  public var metadata: [Value.Entry]
  /// `nil` where the file has no such section. mal-toolbox passes over it since 1.0.
  public var attackers: [Attacker]?
  /// What files say about assets beside the model, by position in `model.assets`.
  public var details: [Int: AssetDetails]
  /// Top-level sections that are none of the format's.
  public var other: [Value.Entry]

  public init(
    model: InstanceModel, metadata: [Value.Entry], attackers: [Attacker]? = nil,
    details: [Int: AssetDetails] = [:], other: [Value.Entry] = []
  ) {
    self.model = model
    self.metadata = metadata
    self.attackers = attackers
    self.details = details
    self.other = other
  }

  /// A file for a model that was never in one.
  public init(model: InstanceModel, name: String, language: CompiledLanguage) {
    self.init(
      model: model,
      metadata: [
        Value.Entry("name", .text(name)),
        Value.Entry("langVersion", .text(language.version)),
        Value.Entry("langID", .text(language.name)),
        Value.Entry("malVersion", .text("0.1.0-SNAPSHOT")),
        Value.Entry(Self.versionKey, .text(Self.writtenVersion)),
        Value.Entry("info", .text("Created by Bartizan.")),
      ])
  }

  public var name: String { metadata["name"]?.label ?? "" }
  public var languageID: String? { metadata["langID"]?.label }
  public var languageVersion: String? { metadata["langVersion"]?.label }
  public var malVersion: String? { metadata["malVersion"]?.label }
  /// The version of mal-toolbox whose layout the file is in.
  public var toolboxVersion: String? { metadata[Self.versionKey]?.label }
  public var info: String? { metadata["info"]?.label }

  static let versionKey = "MAL-Toolbox Version"
  /// The version of mal-toolbox whose layout is written.
  static let writtenVersion = "2.11.0"

  /// Where an attacker of a file of mal-toolbox before 1.0 begins.
  public struct Attacker: Sendable, Hashable {
    public var id: Int
    public var name: String
    /// One for each asset, in the order of the file.
    public var entryPoints: [EntryPoint]
    public var other: [Value.Entry]

    public init(id: Int, name: String, entryPoints: [EntryPoint], other: [Value.Entry] = []) {
      self.id = id
      self.name = name
      self.entryPoints = entryPoints
      self.other = other
    }
  }

  /// Steps of one asset that an attacker has at the start.
  public struct EntryPoint: Sendable, Hashable {
    /// Position in `model.assets`.
    public var asset: Int
    public var steps: [String]
    public var other: [Value.Entry]

    public init(asset: Int, steps: [String], other: [Value.Entry] = []) {
      self.asset = asset
      self.steps = steps
      self.other = other
    }
  }

  public struct AssetDetails: Sendable, Hashable {
    /// The asset's `extras`: drawing positions and the like.
    public var extras: [Value.Entry]
    /// Keys of the asset that are none of the format's.
    public var other: [Value.Entry]

    public init(extras: [Value.Entry] = [], other: [Value.Entry] = []) {
      self.extras = extras
      self.other = other
    }
  }
}
