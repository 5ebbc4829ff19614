public import EngineSupport

/// One statement of where something comes from, in the terms of W3C PROV: what was used, and what came out.
///
/// Records are content-addressed: the same statement has the same identifier on every machine. They hold no
/// clock, no path of a machine and no random identifier.
public protocol ProvenanceRecord: Sendable {
  /// Stable name of the kind of record, such as `source-artifact`.
  static var type: String { get }
  /// Identifiers of earlier records this one rests on (`prov:used`, `prov:wasDerivedFrom`).
  var used: [ContentDigest] { get }
  var body: JSONValue { get }
}

extension ProvenanceRecord {
  /// Canonical JSON (RFC 8785) of `body`, `type` and `used`: the leaf of the ledger.
  public var canonicalBytes: [UInt8] {
    CanonicalJSON.bytes(
      of: .object([
        ("body", body), ("type", .string(Self.type)),
        ("used", .strings(used.map(\.hexadecimal))),
      ]))
  }
}
