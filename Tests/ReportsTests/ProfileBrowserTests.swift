import Foundation
import Testing

@testable import Reports

/// The flame graph's page in a real browser, driven by Python's selenium.
@Suite(
  .enabled(
    if: BrowserScript.isThere,
    "no browser to drive: apt-get install chromium chromium-driver python3-selenium"))
struct ProfileBrowserTests {
  @Test func `zoom, search, keys and columns work, without errors and without requests`() throws {
    let html = try FlameGraphPage.html(ProfileSamples.profile, functions: ProfileSamples.table)
    let answer = try BrowserScript.run(BrowserScript.walk, page: html)
    #expect(
      answer == """
        one chart of 2 shown
        hover: 62.5 MiB, 95.6 % · touch_all  app
        load zoomed to 0%..100%, main above it, run_phase away
        reset
        search: 2 boxes, 4.2 % of all
        down from main: run_phase
        enter zooms run_phase
        faults shown
        no wider than the window
        console: []
        requests: 0

        """)
  }

  @Test func `a hostile page runs nothing of what its names hold`() throws {
    let answer = try BrowserScript.run(
      BrowserScript.hostile, page: FlameGraphPage.html(ProfileSamples.hostile))
    #expect(answer == "scripts: 1\nalert: none\nconsole: []\n")
  }
}

/// Scripts for selenium.
enum BrowserScript {
  /// Whether there is a browser, its driver and selenium. Debian's own Python has it.
  static let isThere =
    ["/usr/bin/chromium", "/usr/bin/chromedriver"].allSatisfy(FileManager.default.isExecutableFile)
    && (try? python(["-c", "import selenium"]).status) == 0

  private static let start = """
    import sys
    from selenium import webdriver
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.chrome.service import Service
    options = webdriver.ChromeOptions()
    options.binary_location = '/usr/bin/chromium'
    for flag in ['--headless=new', '--no-sandbox', '--disable-gpu', '--window-size=1200,900']:
        options.add_argument(flag)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
    driver = webdriver.Chrome(service=Service('/usr/bin/chromedriver'), options=options)
    def box(name):
        return driver.find_element(By.XPATH, "//*[@class='chart' and not(@hidden)]//*[local-name()='svg' and "
            f"*[local-name()='text' and text()='{name}']]")
    try:
        driver.get('file://' + sys.argv[1])

    """

  private static let end = """
        print('console:', [entry['message'] for entry in driver.get_log('browser')])
    """

  /// What a reader does.
  static let walk =
    start + """
          charts = driver.find_elements(By.CLASS_NAME, 'chart')
          print('one chart of', len(charts), 'shown' if [c.is_displayed() for c in charts] == [True, False] else 'wrong')
          ActionChains(driver).move_to_element(box('touch_all')).perform()
          print('hover:', driver.find_element(By.ID, 'says').get_property('textContent'))
          box('load').click()
          shown = [box('load').get_attribute(name) for name in ['x', 'width']]
          above = 'above' if 'up' in box('main').get_attribute('class') else 'not above'
          away = 'away' if 'off' in box('run_phase').get_attribute('class') else 'still there'
          print(f'load zoomed to {shown[0]}..{shown[1]}, main {above} it, run_phase {away}')
          driver.find_element(By.ID, 'reset').click()
          print('reset' if 'off' not in box('run_phase').get_attribute('class') else 'not reset')
          find = driver.find_element(By.ID, 'find')
          find.send_keys('parse')
          print('search:', driver.find_element(By.ID, 'hits').text)
          find.send_keys(Keys.ESCAPE)
          box('main').click()
          driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
          print('down from main:', driver.switch_to.active_element.get_property('textContent').split('app')[-1])
          driver.switch_to.active_element.send_keys(Keys.ENTER)
          print('enter zooms run_phase' if box('run_phase').get_attribute('width') == '100%' else 'no zoom')
          driver.find_elements(By.NAME, 'column')[1].click()
          print('faults shown' if [c.is_displayed() for c in charts] == [False, True] else 'wrong')
          driver.set_window_size(500, 800)
          size = driver.execute_script('return [document.documentElement.scrollWidth, window.innerWidth]')
          print('no wider than the window' if size[0] <= size[1] else size)

      """ + end + """

          print('requests:', driver.execute_script(
              "return performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length"))
      finally:
          driver.quit()

      """

  /// What names might have done.
  static let hostile =
    start + """
          print('scripts:', len(driver.find_elements(By.TAG_NAME, 'script')))
          try:
              print('alert:', driver.switch_to.alert.text)
          except Exception:
              print('alert: none')

      """ + end + """

      finally:
          driver.quit()

      """

  /// What a script prints about a page.
  static func run(_ script: String, page: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "heapscale-\(UUID().uuidString).html")
    try Data(page.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try python(["-c", script, file.path]).output
  }

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
