import EngineSupport
import XMLDocuments
import ZipArchives

/// Models of securiCAD Professional (`.sCAD`): a zip archive with the model as XML (`.eom`) and `meta.json`.
///
/// Becomes the values that a file in mal-toolbox's 0.1 layout would have, as the translator of mal-toolbox
/// 0.1 reads it: evidence with a value is a defence, `firstSteps` are an attacker's entry points. Drawing,
/// descriptions and simulation settings are left behind.
enum SecuriCADArchive {
  static func isArchive(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
  }

  /// The values, with places in the `.eom` that is named beside them.
  static func read(
    _ document: InputDocument
  ) throws(Diagnostic) -> (root: ModelFileNode, member: String) {
    var model: (name: String, bytes: [UInt8])?
    var meta: [UInt8]?
    try ZipMembers.read(
      document, limits: ModelFileLimits.archive, code: "model.archive",
      where: isWanted
    ) { name, bytes throws(Diagnostic) in
      if name == "meta.json" { meta = bytes } else if model == nil { model = (name, bytes) }
    }
    guard let model else {
      throw Diagnostic(
        "model.archive.no-model", "the archive holds no model (`.eom`)",
        at: SourceLocation(document: document.name))
    }
    var budget = XMLBudget(ModelFileLimits.archiveXML)
    let tree = try XMLReader.tree(
      of: model.bytes, from: XMLOrigin(document: document.name), subject: model.name,
      budget: &budget)
    var metadata = [member("name", String(model.name.dropLast(4)), tree.root)]
    if let meta {
      let described = try ModelFileNode.json(
        InputDocument(name: document.name + "/meta.json", bytes: meta))
      metadata += (described.members ?? []).filter { $0.key.text != "name" }
    }
    return (
      node(
        .mapping([
          member("metadata", .mapping(metadata), tree.root),
          member("assets", .mapping(assets(of: tree)), tree.root),
          member("associations", .list(links(of: tree)), tree.root),
          member("attackers", .mapping(attackers(of: tree)), tree.root),
        ]), tree.root), model.name
    )
  }

  private static func isWanted(_ name: String) -> Bool {
    name.hasSuffix(".eom") || name == "meta.json"
  }

  private static func isAttacker(_ element: XMLElement) -> Bool {
    element["metaConcept"] == "Attacker"
  }

  /// Values of elements called `name`, wherever they stand.
  private static func elements(_ name: String, of tree: XMLTree) -> [Int] {
    tree.elements.indices.filter { tree[$0].name == name }
  }

  private static func assets(of tree: XMLTree) -> [ModelFileNode.Member] {
    elements("objects", of: tree).filter { !isAttacker(tree[$0]) }.map { place in
      let element = tree[place]
      var members = ["name", "type"].compactMap { key in
        element[key == "type" ? "metaConcept" : key].map { member(key, $0, element) }
      }
      let defenses = evidence(below: place, of: tree)
      if !defenses.isEmpty { members.append(member("defenses", .mapping(defenses), element)) }
      return member(element["id"] ?? "", .mapping(members), element)
    }
  }

  /// `PatchApplied` in evidence is the defence `patchApplied`; of several values the last is taken.
  private static func evidence(below place: Int, of tree: XMLTree) -> [ModelFileNode.Member] {
    tree[place].children.filter { tree[$0].name == "evidenceAttributes" }.compactMap { child in
      let end = tree[child].subtreeEnd
      let value = (child..<end).last {
        tree[$0].name == "parameters" && tree[$0]["value"] != nil
      }
      guard let value, let text = tree[value]["value"], let concept = tree[child]["metaConcept"],
        let first = concept.first
      else { return nil }
      return member(first.lowercased() + concept.dropFirst(), text, tree[value])
    }
  }

  /// The format lists each field beside the asset at the other end.
  private static func links(of tree: XMLTree) -> [ModelFileNode] {
    elements("associations", of: tree).compactMap { place in
      let element = tree[place]
      guard element["sourceProperty"] != "firstSteps", element["targetProperty"] != "firstSteps"
      else { return nil }
      let fields = [("sourceProperty", "targetObject"), ("targetProperty", "sourceObject")].map {
        member(
          element[$0] ?? "", .list([node(.scalar(element[$1] ?? "", .quoted), element)]), element)
      }
      return node(.mapping([member("", .mapping(fields), element)]), element)
    }
  }

  private static func attackers(of tree: XMLTree) -> [ModelFileNode.Member] {
    var points: [String: [ModelFileNode.Member]] = [:]
    for place in elements("associations", of: tree) {
      let element = tree[place]
      let isSource = element["sourceProperty"] == "firstSteps"
      guard isSource || element["targetProperty"] == "firstSteps" else { continue }
      let attacker = element[isSource ? "sourceObject" : "targetObject"] ?? ""
      let step = element[isSource ? "targetProperty" : "sourceProperty"] ?? ""
      let name = step.split(separator: ".").first.map(String.init) ?? ""
      let steps = member(
        "attack_steps", .list([node(.scalar(name, .quoted), element)]), element)
      points[attacker, default: []].append(
        member(
          element[isSource ? "targetObject" : "sourceObject"] ?? "", .mapping([steps]), element))
    }
    return elements("objects", of: tree).filter { isAttacker(tree[$0]) }.map { place in
      let element = tree[place]
      let id = element["id"] ?? ""
      return member(
        id,
        .mapping([
          member("name", element["name"] ?? "", element),
          member("entry_points", .mapping(points[id] ?? []), element),
        ]), element)
    }
  }

  private static func node(_ kind: ModelFileNode.Kind, _ element: XMLElement) -> ModelFileNode {
    ModelFileNode(
      kind: kind, place: ModelFileNode.Place(line: element.line, column: element.column))
  }

  private static func member(
    _ key: String, _ kind: ModelFileNode.Kind, _ element: XMLElement
  ) -> ModelFileNode.Member {
    ModelFileNode.Member(
      key: node(.scalar(key, .quoted), element), value: node(kind, element))
  }

  private static func member(
    _ key: String, _ text: String, _ element: XMLElement
  ) -> ModelFileNode.Member {
    member(key, .scalar(text, .quoted), element)
  }
}
