import EngineSupport

/// Turns the values of a model file, in today's layout or an older one, into a draft.
///
/// Layouts are told apart by what stands in the file, as versions are not always true: mal-toolbox's own
/// test files carry 0.2.0 over today's layout. Differences:
///
/// | | 0.0 | 0.1 | 0.2 | today |
/// |---|---|---|---|---|
/// | type of an asset | `metaconcept` or `type` | `type` | `type` | `type` |
/// | links | list of `metaconcept`, `association` | list of `Name: {field: [id]}` | `{field: {id: name}}` | `associated_assets` of each asset |
/// | entry points | by asset id | by asset id | by asset name, with `asset_id` | 0.2's, passed over |
struct ModelFileReader {
  typealias Value = InstanceModelFile.Value
  typealias Place = ModelFileNode.Place

  var report: ModelFileReport
  var draft = ModelFileDraft()
  /// What is older than today's layout, for the note that says so.
  var oldParts: [String] = []
  /// Links that lists on both sides of an association may still stand for.
  var crossings = ModelFileLimits.crossedLinks

  init(report: ModelFileReport) { self.report = report }

  mutating func read(_ root: ModelFileNode) {
    guard let members = root.members else {
      report.error(
        "model.file.shape",
        "a model file is a mapping of `metadata` and `assets`, not \(root.description)",
        at: root.place)
      return
    }
    guard let assets = root["assets"] else {
      report.error(
        "model.file.shape", "the file has no `assets`", at: root.place,
        hint: NearestName.hint(for: "assets", among: members.compactMap(\.key.text)))
      return
    }
    readAssets(assets)
    let isToday = draft.hasFields
    var other: [ModelFileNode.Member] = []
    for member in members {
      switch member.key.text {
      case "metadata", "assets": continue
      case "associations" where !isToday: readAssociations(member.value)
      case "attackers":
        let before = self
        readAttackers(member.value)
        // mal-toolbox needs them in older layouts only.
        guard report.hasErrors(beyond: before.report), isToday || root["associations"] == nil else {
          continue
        }
        draft = before.draft
        oldParts = before.oldParts
        report.demoteErrors(beyond: before.report)
        other.append(member)
      case let key:
        report.warning(
          "model.file.unknown-key",
          "`\(key ?? "")` is no section of a model file; it is kept and not used",
          at: member.key.place,
          hint: NearestName.hint(for: key ?? "", among: ["assets", "attackers", "metadata"]))
        other.append(member)
      }
    }
    draft.other = kept(other)
    readMetadata(root["metadata"], of: root)
  }

  private mutating func readMetadata(_ node: ModelFileNode?, of root: ModelFileNode) {
    guard let node, let members = node.members else {
      report.error(
        "model.file.metadata",
        node.map { "`metadata` is a mapping, not \($0.description)" }
          ?? "the file has no `metadata`", at: (node ?? root).place,
        hint: "metadata: {name: …, langID: …, langVersion: …}")
      return
    }
    guard node["name"]?.text != nil else {
      report.error(
        "model.file.metadata", "`metadata` has no `name` of the model", at: node.place)
      return
    }
    draft.languagePlace = node["langID"]?.place
    draft.metadata = kept(members)
    guard !oldParts.isEmpty else { return }
    let spellings = [InstanceModelFile.versionKey, "MAL Toolbox Version"]
    let version = spellings.compactMap { draft.metadata[$0]?.label }.first
    report.note(
      "model.file.upgraded",
      "an older layout is read as today's: \(oldParts.joined(separator: ", "))", at: root.place)
    // The version names the layout; the one that the file was in is kept beside it.
    draft.metadata.removeAll { entry in spellings.contains { entry.key == .text($0) } }
    let written = Value.text(InstanceModelFile.writtenVersion)
    draft.metadata.append(Value.Entry(InstanceModelFile.versionKey, written))
    if draft.metadata["upgradedFrom"] == nil {
      draft.metadata.append(Value.Entry("upgradedFrom", .text(version ?? "0.0")))
    }
  }

  /// Data that only the file's author understands.
  mutating func kept(_ members: [ModelFileNode.Member]) -> [Value.Entry] {
    do throws(ModelFileNode.Failure) {
      return try ModelFileNode.entries(members)
    } catch {
      report.failure(error)
      return []
    }
  }

  mutating func old(_ part: String) {
    if !oldParts.contains(part) { oldParts.append(part) }
  }
}

extension ModelFileReader {
  /// The position of the asset that `node` names by its id.
  mutating func asset(
    _ node: ModelFileNode, for purpose: @autoclosure () -> String
  ) -> Int? {
    guard let id = PythonNumber.integer(node) else {
      report.error(
        "model.file.id", "\(purpose()): an asset's id is a whole number, not \(node.description)",
        at: node.place)
      return nil
    }
    guard let position = draft.positions[id] else {
      report.error(
        "model.file.missing-asset", "\(purpose()): there is no asset \(id)", at: node.place)
      return nil
    }
    return position
  }
}
