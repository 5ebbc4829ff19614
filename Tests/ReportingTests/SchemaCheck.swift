import EngineSupport

/// The part of JSON Schema that our own schema uses: types, members, elements, enumerations, references.
struct SchemaCheck {
  let root: JSONValue

  init(_ root: JSONValue) { self.root = root }

  func violations(of value: JSONValue) -> [String] { check(value, root, "") }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    if let reference = schema["$ref"]?.string {
      guard let name = reference.split(separator: "/").last,
        let target = root["$defs"]?[String(name)]
      else { return ["\(path): \(reference) leads nowhere"] }
      return check(value, target, path)
    }
    if let constant = schema["const"], constant.kind != value.kind { return ["\(path): not const"] }
    if let choices = schema["enum"]?.elements, !choices.contains(where: { $0.kind == value.kind }) {
      return ["\(path): not in enum"]
    }
    switch (schema["type"]?.string, value.kind) {
    case ("object", .object(let members)): return object(members, schema, path)
    case ("array", .array(let elements)):
      guard let items = schema["items"] else { return [] }
      return elements.enumerated().flatMap { check($1, items, "\(path)/\($0)") }
    case ("string", .string), ("integer", .number), ("boolean", .bool), (nil, _): return []
    case (let type, _): return ["\(path): not \(type ?? "")"]
    }
  }

  private func object(
    _ members: [JSONValue.Member], _ schema: JSONValue, _ path: String
  ) -> [String] {
    var violations: [String] = []
    for name in (schema["required"]?.elements ?? []).compactMap(\.string)
    where !members.contains(where: { $0.key == name }) {
      violations.append("\(path): \(name) is missing")
    }
    for member in members {
      guard let inner = schema["properties"]?[member.key] else {
        violations.append("\(path): \(member.key) is not in the schema")
        continue
      }
      violations += check(member.value, inner, "\(path)/\(member.key)")
    }
    return violations
  }
}
