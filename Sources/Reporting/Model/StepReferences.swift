import ThreatLanguage

/// What the language's author cites for a step: techniques, STRIDE class, and what a number rests on.
enum StepReferences {
  /// Everything but the sentence for users, in source order.
  static func of(_ type: StepType) -> [MetaText] { type.meta.filter { $0.key != "user" } }

  static func title(of key: String) -> String {
    switch key {
    case "attack": "ATT&CK for ICS"
    case "atlas": "MITRE ATLAS"
    case "atlasMitigation": "mitigation of MITRE ATLAS"
    case "capec": "CAPEC"
    case "cr": "IEC 62443-4-2"
    case "cwe": "CWE"
    case "iso42001": "ISO/IEC 42001 Annex A"
    case "mitigation": "mitigation of ATT&CK for ICS"
    case "nist": "NIST AI 100-2"
    case "refutes": "shows, where a test demonstrates it, that this is not met"
    case "stride": "STRIDE"
    case "basis": "basis of the prior"
    default: key
    }
  }
}
