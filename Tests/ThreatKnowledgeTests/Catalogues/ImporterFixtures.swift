import EngineSupport

@testable import ThreatKnowledge

/// Small files in the forms that can be imported, made up for these tests.
enum ImporterFixtures {
  static let stix = """
    {"type":"bundle","id":"bundle--1","objects":[
    {"type":"x-mitre-collection","id":"x-mitre-collection--1","x_mitre_version":"99.1"},
    {"type":"x-mitre-matrix","id":"x-mitre-matrix--1","tactic_refs":["x-mitre-tactic--1"],
     "external_references":[{"source_name":"mitre-attack","external_id":"ics-attack"}]},
    {"type":"x-mitre-tactic","id":"x-mitre-tactic--1","name":"Harm","x_mitre_shortname":"harm",
     "external_references":[{"source_name":"mitre-attack","external_id":"TA9001"}]},
    {"type":"attack-pattern","id":"attack-pattern--1","name":"Do Harm",
     "kill_chain_phases":[{"kill_chain_name":"mitre-ics-attack","phase_name":"harm"}],
     "external_references":[{"source_name":"a paper"},{"source_name":"mitre-attack","external_id":"T9001"}]},
    {"type":"attack-pattern","id":"attack-pattern--2","name":"Do Old Harm","x_mitre_deprecated":true,
     "external_references":[{"source_name":"mitre-attack","external_id":"T9002"}]},
    {"type":"attack-pattern","id":"attack-pattern--3","name":"Nameless",
     "external_references":[{"source_name":"a paper"}]},
    {"type":"course-of-action","id":"course-of-action--1","name":"Prevent Harm",
     "labels":["IEC 62443-4-2:2019 - CR 2.1","NIST SP 800-53 Rev. 5 - AC-3"],
     "external_references":[{"source_name":"mitre-attack","external_id":"M9001"}]},
    {"type":"intrusion-set","id":"intrusion-set--1","name":"Band","revoked":true,"aliases":["Band","Gang"],
     "external_references":[{"source_name":"mitre-attack","external_id":"G9001"}]},
    {"type":"malware","id":"malware--1","name":"Worm",
     "external_references":[{"source_name":"mitre-attack","external_id":"S9001"}]},
    {"type":"campaign","id":"campaign--1","name":"Spring","first_seen":"2015-12-01T05:00:00.000Z",
     "external_references":[{"source_name":"mitre-attack","external_id":"C9001"}]},
    {"type":"relationship","relationship_type":"mitigates","source_ref":"course-of-action--1","target_ref":"attack-pattern--1"},
    {"type":"relationship","relationship_type":"uses","source_ref":"malware--1","target_ref":"attack-pattern--1"},
    {"type":"relationship","relationship_type":"uses","source_ref":"campaign--1","target_ref":"malware--1"},
    {"type":"relationship","relationship_type":"uses","source_ref":"campaign--1","target_ref":"attack-pattern--2","revoked":true},
    {"type":"relationship","relationship_type":"attributed-to","source_ref":"campaign--1","target_ref":"intrusion-set--1"}
    ]}
    """

  static let atlas = """
    ---
    id: ATLAS
    name: A small atlas
    version: 5.60
    matrices:
    - id: ATLAS
      tactics:
      - &harm
        id: AML.TA9000
        name: Harm
      techniques:
      - id: AML.T9000
        name: Do Harm
        tactics:
        - AML.TA9000
        maturity: realized
        ATT&CK-reference:
          id: T9001
      - id: AML.T9000.000
        name: Do Much Harm
        subtechnique-of: AML.T9000
      mitigations:
      - id: AML.M9000
        name: Prevent Harm
        techniques:
        - id: AML.T9000
          use: by not doing it
        category: [Policy]
      - id: AML.M9001
    case-studies:
    - id: AML.CS9000
      name: Spring
      case-study-type: incident
      procedure:
      - {tactic: AML.TA9000, technique: AML.T9000}
      - {tactic: AML.TA9000, technique: AML.T9000}
    """

  static let own = """
    {"format":1,"id":"our-own","title":"Ours","version":"3","source":"us","licence":"ours","entries":[
    {"id":"X-1","kind":"control","name":"Be careful"}
    ]}
    """

  static let all = [("atlas", atlas), ("own", own), ("stix", stix)]

  static func read(
    _ bytes: some Sequence<UInt8>, named name: String = "file"
  ) -> (catalogue: KnowledgeCatalogue?, error: Diagnostic?, diagnostics: [Diagnostic]) {
    var diagnostics = Diagnostics()
    guard let digest = ContentDigest(bytes: Array(repeating: 1, count: 32)) else {
      return (nil, nil, [])
    }
    do throws(Diagnostic) {
      let catalogue = try CatalogueImporters.catalogue(
        in: InputDocument(name: name, bytes: Array(bytes)), digest: digest,
        reportingTo: &diagnostics)
      return (catalogue, nil, diagnostics.all)
    } catch {
      return (nil, error, diagnostics.all)
    }
  }
}
