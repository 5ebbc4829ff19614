/// A model file in today's layout, read but not yet held against a language.
struct ModelFileDraft {
  typealias Value = InstanceModelFile.Value
  typealias Place = ModelFileNode.Place

  struct Asset {
    var id: Int
    /// Unique in the file.
    var name: String
    /// What the file says, where that could not be kept.
    var writtenName: String
    var type: String
    var typePlace: Place
    var defenses: [(name: String, value: Double, place: Place)]
    var place: Place
  }

  /// Assets that one asset reaches over a field.
  struct Mention {
    /// Position in `assets`.
    var asset: Int
    var field: String
    var place: Place
    /// Positions in `assets`, with places.
    var targets: [(asset: Int, place: Place)]
    /// The association that the file names, and otherwise passes over.
    var association: String?
  }

  var metadata: [Value.Entry] = []
  var assets: [Asset] = []
  var details: [Int: InstanceModelFile.AssetDetails] = [:]
  var mentions: [Mention] = []
  var attackers: [InstanceModelFile.Attacker]?
  /// The steps that attackers begin with, to be looked up in the language.
  var entrySteps: [(asset: Int, step: String, place: Place)] = []
  var other: [Value.Entry] = []
  /// The positions of assets by id.
  var positions: [Int: Int] = [:]
  var languagePlace: Place?
  /// Whether any asset carries `associated_assets`: the mark of today's layout.
  var hasFields = false
}
