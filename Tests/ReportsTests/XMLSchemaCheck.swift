import Foundation

/// Opinions on XML: Python's parser with the part of XML Schema that our schema uses, and a whole validator where one
/// is installed.
enum XMLSchemaCheck {
  /// Whether libxml2 can be asked.
  static let hasValidator = (try? PythonSchema.run(["-c", "import lxml.etree"], input: "").status) == 0

  /// What Python's parser and our reading of the schema find wrong; empty when nothing.
  static func faults(of text: String, schema: URL) throws -> String {
    try answer(to: reading, text: text, schema: schema)
  }

  /// What libxml2 (lxml) finds wrong; empty when nothing.
  static func validatorFaults(of text: String, schema: URL) throws -> String {
    try answer(to: validator, text: text, schema: schema)
  }

  private static func answer(to script: String, text: String, schema: URL) throws -> String {
    let answer = try PythonSchema.run(["-c", script, schema.path], input: text)
    return answer.status == 0 ? answer.output : "python3 ended with \(answer.status)"
  }

  private static let validator = """
    import sys, lxml.etree as etree
    schema = etree.XMLSchema(etree.parse(sys.argv[1]))
    if not schema.validate(etree.fromstring(sys.stdin.buffer.read())):
        print(schema.error_log)
    """

  private static let reading = #"""
    import re, sys, xml.etree.ElementTree as etree
    xs = '{http://www.w3.org/2001/XMLSchema}'
    declared = {e.get('name'): e for e in etree.parse(sys.argv[1]).getroot().findall(xs + 'element')}
    types = {'xs:string': '.*', 'xs:nonNegativeInteger': '[0-9]+', 'xs:decimal': r'-?[0-9]+(\.[0-9]+)?',
             'xs:dateTime': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'}

    def take(particle, names):
        most = particle.get('maxOccurs', '1')
        count = 0
        wanted = [p.get('ref') for p in particle.iter(xs + 'element')]
        while names and names[0] in wanted and (most == 'unbounded' or count < int(most)):
            names.pop(0)
            count += 1
        return count >= int(particle.get('minOccurs', '1'))

    def check(element):
        if element.tag not in declared:
            return print('unknown element', element.tag)
        kind = declared[element.tag].find(xs + 'complexType')
        attributes = {} if kind is None else {a.get('name'): a for a in kind.findall(xs + 'attribute')}
        for name, value in element.attrib.items():
            if name not in attributes:
                print(element.tag, 'has an unknown attribute', name)
            elif not re.fullmatch(types[attributes[name].get('type')], value, re.S):
                print(element.tag, name, 'cannot be', repr(value))
        for name, attribute in attributes.items():
            if attribute.get('use') == 'required' and name not in element.attrib:
                print(element.tag, 'lacks', name)
        names = [child.tag for child in element]
        sequence = None if kind is None else kind.find(xs + 'sequence')
        for particle in [] if sequence is None else sequence:
            if not take(particle, names):
                print(element.tag, 'lacks a child')
        if names:
            print(element.tag, 'must not hold', names[0], 'there')
        for child in element:
            check(child)

    check(etree.fromstring(sys.stdin.buffer.read()))
    """#
}
