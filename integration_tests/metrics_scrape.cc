#include "integration_tests/metrics_scrape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>
#include <sstream>

#include "integration_tests/child_process.h"
#include "integration_tests/http_client.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

const std::regex& NamePattern() {
  static const std::regex pattern("(arbstr|process)_[a-z][a-z0-9_]*[a-z0-9]");
  return pattern;
}

// "name", "name{a=\"x\",b=\"y\"}", a space, a number.
const std::regex& SamplePattern() {
  static const std::regex pattern("([a-z_0-9]+)(\\{(.*)\\})? (-?[0-9][-+.e0-9]*|NaN|[-+]Inf)");
  return pattern;
}

std::string Unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      plain += text[++i] == 'n' ? '\n' : text[i];
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// False: not a list of labels, or one of them twice.
bool ReadLabels(std::string text, MetricLabels& labels) {
  static const std::regex pattern("^([a-z_][a-z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  for (std::smatch match; !text.empty(); text = match.suffix()) {
    if (!std::regex_search(text, match, pattern)) return false;
    if (!labels.emplace(match[1], Unescaped(match[2])).second) return false;
    if (match[3] == "," && match.suffix().length() == 0) return false;
  }
  return true;
}

bool EndsIn(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool Includes(const MetricLabels& all, const MetricLabels& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

MetricsScrape MetricsScrape::Of(std::uint16_t port, const std::string& token) {
  const Fields fields = token.empty() ? Fields{} : Fields{{"Authorization", "Bearer " + token}};
  const Response response = Ask(port, Get("/metrics", fields));
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.Header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  MetricsScrape scrape(response.body);
  for (const std::string& mistake : scrape.mistakes()) ADD_FAILURE() << mistake;
  return scrape;
}

MetricsScrape::MetricsScrape(const std::string& text) {
  if (text.empty() || text.back() != '\n') Mistake("the page does not end with a line's end");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) TakeLine(line);
  for (const auto& [family, type] : types_) {
    if (helped_.count(family) == 0) Mistake(family + " has no HELP");
  }
  CheckHistograms();
}

void MetricsScrape::TakeLine(const std::string& line) {
  if (line.rfind("# ", 0) == 0) return TakeComment(line);
  TakeSample(line);
}

void MetricsScrape::TakeComment(const std::string& line) {
  std::istringstream words(line);
  std::string hash, kind, name, rest;
  words >> hash >> kind >> name;
  std::getline(words, rest);
  if (!std::regex_match(name, NamePattern())) Mistake("not a name by the conventions: " + line);
  if (kind == "HELP") {
    if (!helped_.insert(name).second) Mistake("a second " + line);
    if (rest.size() < 3) Mistake("no help: " + line);
    family_.clear();
  } else if (kind == "TYPE") {
    const std::string type = rest.substr(std::min<std::size_t>(rest.size(), 1));
    if (!types_.emplace(name, type).second) Mistake("a second " + line);
    if (type != "counter" && type != "gauge" && type != "histogram") Mistake("no such type: " + line);
    if ((type == "counter") != EndsIn(name, "_total"))
      Mistake("counters and nothing else end in _total: " + line);
    if (type == "histogram" && !EndsIn(name, "_seconds")) Mistake("a histogram of no base unit: " + line);
    families_.insert(name);
    family_ = name;
  } else {
    Mistake("neither HELP nor TYPE: " + line);
  }
}

void MetricsScrape::TakeSample(const std::string& line) {
  std::smatch match;
  if (!std::regex_match(line, match, SamplePattern())) return Mistake("not a sample: " + line);
  Sample sample{match[1], {}, 0};
  const std::string value = match[4];
  char* end = nullptr;
  sample.value = std::strtod(value.c_str(), &end);
  if (*end != '\0') Mistake("not a number: " + line);
  if (match[2].matched && (match[3].length() == 0 || !ReadLabels(match[3], sample.labels))) {
    Mistake("not labels: " + line);
  }
  const std::string type = types_[family_];
  const std::string suffix =
      sample.name.rfind(family_, 0) == 0 ? sample.name.substr(family_.size()) : "of another family";
  const bool fits =
      type == "histogram" ? suffix == "_bucket" || suffix == "_sum" || suffix == "_count" : suffix.empty();
  if (family_.empty() || !fits) Mistake("a sample outside of its family: " + line);
  if (type != "gauge" && !(sample.value >= 0)) Mistake("less than nothing: " + line);
  if (!seen_.emplace(sample.name, sample.labels).second) Mistake("a series twice: " + line);
  samples_.push_back(std::move(sample));
}

// Buckets that count up, to one without a bound that is the count.
void MetricsScrape::CheckHistograms() {
  std::map<std::pair<std::string, MetricLabels>, std::map<double, double>> buckets;
  for (Sample sample : samples_) {
    if (!EndsIn(sample.name, "_bucket")) continue;
    const std::string bound = sample.labels["le"];
    sample.labels.erase("le");
    const std::string family = sample.name.substr(0, sample.name.size() - 7);
    buckets[{family, sample.labels}][std::strtod(bound.c_str(), nullptr)] = sample.value;
  }
  for (const auto& [series, counts] : buckets) {
    const auto& [family, labels] = series;
    double before = 0;
    for (const auto& [bound, count] : counts) {
      if (count < before) Mistake(family + ": a bucket that counts less than the one below it");
      before = count;
    }
    if (!std::isinf(counts.rbegin()->first)) Mistake(family + ": no bucket without a bound");
    const auto all = All(family + "_count");
    if (all.count(labels) == 0 || all.at(labels) != before)
      Mistake(family + ": its count is not its buckets'");
    if (All(family + "_sum").count(labels) == 0) Mistake(family + ": no sum");
  }
}

double MetricsScrape::Sum(const std::string& name, const MetricLabels& labels) const {
  double sum = 0;
  for (const Sample& sample : samples_) {
    if (sample.name == name && Includes(sample.labels, labels)) sum += sample.value;
  }
  return sum;
}

std::size_t MetricsScrape::Series(const std::string& name) const { return All(name).size(); }

std::set<std::string> MetricsScrape::Values(const std::string& name, const std::string& label) const {
  std::set<std::string> values;
  for (const auto& [labels, value] : All(name)) {
    if (const auto found = labels.find(label); found != labels.end()) values.insert(found->second);
  }
  return values;
}

std::map<MetricLabels, double> MetricsScrape::All(const std::string& name) const {
  std::map<MetricLabels, double> all;
  for (const Sample& sample : samples_) {
    if (sample.name == name) all.emplace(sample.labels, sample.value);
  }
  return all;
}

MetricsScrape WaitForMetric(std::uint16_t port, const std::string& name, const MetricLabels& labels,
                            double value) {
  MetricsScrape scrape = MetricsScrape::Of(port);
  const bool reached = WaitUntil([&] {
    if (scrape.Sum(name, labels) >= value) return true;
    scrape = MetricsScrape::Of(port);
    return false;
  });
  EXPECT_TRUE(reached) << name << " is " << scrape.Sum(name, labels) << ", not " << value;
  return scrape;
}

}  // namespace integration_tests
