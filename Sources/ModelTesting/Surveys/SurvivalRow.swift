public import EngineSupport
public import TensorCore

/// How many right answers one disturbance leaves right, at one step of its ladder.
public struct SurvivalRow: Sendable, Hashable {
  /// The fault or corruption by its name in the catalogue.
  public var disturbance: String
  /// What it happens to, such as the name of a channel; empty where it is the whole sample.
  public var place: String
  /// 1 to 5.
  public var severity: Int
  /// What that step means.
  public var meaning: String
  /// Samples that are right when clean.
  public var trials: Int
  /// Of these, how many stay right.
  public var kept: Int
  /// Of a detector: events that no longer raise the alarm, and quiet samples that now do.
  public var missed: Int
  public var falseAlarms: Int

  /// Two-sided 95 % interval of `kept` in `trials`.
  public var interval: ClopperPearson { ClopperPearson(successes: kept, trials: trials) }
  public var rate: Double { trials == 0 ? 0 : Double(kept) / Double(trials) }
}

extension SurvivalRow {
  public var json: JSONValue {
    .object([
      ("disturbance", .string(disturbance)), ("place", .string(place)),
      ("severity", .integer(severity)), ("meaning", .string(meaning)),
      ("trials", .integer(trials)), ("kept", .integer(kept)), ("missed", .integer(missed)),
      ("falseAlarms", .integer(falseAlarms)),
    ])
  }

  init?(json: JSONValue) {
    guard let disturbance = json["disturbance"]?.string, let place = json["place"]?.string,
      let severity = json["severity"]?.integer, let meaning = json["meaning"]?.string,
      let trials = json["trials"]?.integer, let kept = json["kept"]?.integer,
      let missed = json["missed"]?.integer, let falseAlarms = json["falseAlarms"]?.integer
    else { return nil }
    self.init(
      disturbance: disturbance, place: place, severity: severity, meaning: meaning,
      trials: trials, kept: kept, missed: missed, falseAlarms: falseAlarms)
  }
}
