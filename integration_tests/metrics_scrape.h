// GET /metrics as Prometheus would read it, and stricter: what its text format 0.0.4 and its conventions for
// names forbid is a mistake. It shares no code with the gateway.
#ifndef ARBSTR_INTEGRATION_TESTS_METRICS_SCRAPE_H_
#define ARBSTR_INTEGRATION_TESTS_METRICS_SCRAPE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace integration_tests {

using MetricLabels = std::map<std::string, std::string>;

class MetricsScrape {
 public:
  // Of the gateway on that port; reports what is wrong with the response as failures of the test.
  static MetricsScrape Of(std::uint16_t port, const std::string& token = "");
  // Of a page's text.
  explicit MetricsScrape(const std::string& text);

  // What a strict reader objects to, a line each; empty for a good page.
  const std::vector<std::string>& mistakes() const { return mistakes_; }

  // The names of the families, as their TYPE lines give them.
  const std::set<std::string>& families() const { return families_; }
  // The sum of all series of that name whose labels include those given; 0 where there is none.
  double Sum(const std::string& name, const MetricLabels& labels = {}) const;
  // How many series of that name there are.
  std::size_t Series(const std::string& name) const;
  // The values that a label has in the series of that name.
  std::set<std::string> Values(const std::string& name, const std::string& label) const;
  // All series of a name.
  std::map<MetricLabels, double> All(const std::string& name) const;

 private:
  struct Sample {
    std::string name;
    MetricLabels labels;
    double value;
  };

  void TakeLine(const std::string& line);
  void TakeComment(const std::string& line);
  void TakeSample(const std::string& line);
  void CheckHistograms();
  void Mistake(const std::string& what) { mistakes_.push_back(what); }

  std::vector<Sample> samples_;
  std::set<std::pair<std::string, MetricLabels>> seen_;
  std::set<std::string> families_;
  std::map<std::string, std::string> types_;
  std::set<std::string> helped_;
  std::string family_;  // whose samples may come
  std::vector<std::string> mistakes_;
};

// Asks until the sum of `name` with `labels` is at least `value`; fails the test when it never is. The last
// scrape.
MetricsScrape WaitForMetric(std::uint16_t port, const std::string& name, const MetricLabels& labels,
                            double value);

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_METRICS_SCRAPE_H_
