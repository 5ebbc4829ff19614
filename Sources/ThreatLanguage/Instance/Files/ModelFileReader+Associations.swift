import EngineSupport

/// `associations` of the layouts before 1.0: lists of links, each with two fields and the assets on both sides.
extension ModelFileReader {
  mutating func readAssociations(_ node: ModelFileNode) {
    guard case .list(let elements) = node.kind else {
      if !node.isNull {
        report.error(
          "model.file.shape", "`associations` is a list, not \(node.description)", at: node.place)
      }
      return
    }
    old("`associations` as a list")
    for element in elements { readAssociation(element) }
  }

  private mutating func readAssociation(_ node: ModelFileNode) {
    guard let members = node.members, let first = members.first else {
      report.error(
        "model.file.association",
        "an association is a mapping of its name to two fields, not \(node.description)",
        at: node.place)
      return
    }
    if let name = node["metaconcept"], let fields = node["association"], members.count == 2 {
      old("`metaconcept` of associations")
      readFields(fields, of: name.text ?? "")
    } else if members.count == 1 {
      readFields(first.value, of: first.key.text ?? "")
    } else {
      report.error(
        "model.file.association", "one association has one name, not \(members.count)",
        at: node.place)
    }
  }

  /// Every asset of one field is linked with every asset of the other.
  private mutating func readFields(_ node: ModelFileNode, of association: String) {
    guard let fields = node.members, fields.count == 2 else {
      report.error(
        "model.file.association",
        "association `\(association)` has two fields with the assets they hold", at: node.place)
      return
    }
    let sides = fields.map { field in
      readTargets(field.value) {
        "association `\(association)`, field `\(field.key.text ?? "")`"
      }
    }
    let (count, overflow) = sides[0].count.multipliedReportingOverflow(by: sides[1].count)
    // One asset on a side is what any file has; only products are counted.
    if sides[0].count > 1, sides[1].count > 1 { crossings -= min(count, crossings + 1) }
    guard !overflow, crossings >= 0 else {
      report.error(
        "model.file.too-large",
        "association `\(association)` stands for \(count) links; that is more than is read",
        at: node.place)
      return
    }
    // Both directions, as the fields need not be of one association.
    for (near, far) in [(0, 1), (1, 0)] {
      for owner in sides[near] {
        draft.mentions.append(
          ModelFileDraft.Mention(
            asset: owner.asset, field: fields[far].key.text ?? "", place: fields[far].key.place,
            targets: sides[far], association: association.isEmpty ? nil : association))
      }
    }
  }
}
