#include "mock_provider/journal/journal.h"

#include <gtest/gtest.h>

#include <thread>

namespace mock_provider {
namespace {

using std::chrono::milliseconds;

JournalEntry Entry(const std::string& body) {
  JournalEntry entry;
  entry.body = body;
  return entry;
}

TEST(Journal, EntriesAreNumberedInOrderAndAllCounted) {
  Journal journal;
  journal.Append(Entry("a"));
  journal.Append(Entry("b"));
  EXPECT_EQ(journal.Entries().at(0).seq, 1u);
  EXPECT_EQ(journal.Entries().at(1).body, "b");
  EXPECT_EQ(journal.NextSeq(), 3u);
  EXPECT_EQ(journal.total(), 2u);
}

TEST(Journal, TheOldestGoWhenThereAreTooMany) {
  Journal journal({.entries = 2, .bytes = 1000});
  const auto first = journal.Append(Entry("a"));
  journal.Append(Entry("b"));
  const auto third = journal.Append(Entry("c"));
  journal.Update(first, [](JournalEntry& entry) { entry.body = "changed"; });
  journal.Update(third, [](JournalEntry& entry) { entry.status = 200; });
  ASSERT_EQ(journal.Entries().size(), 2u);
  EXPECT_EQ(journal.Entries().at(0).body, "b");
  EXPECT_EQ(journal.Entries().at(1).status, 200);
  EXPECT_EQ(journal.total(), 3u);
}

TEST(Journal, TheOldestGoWhenTheyAreTooLargeButNeverTheNewest) {
  Journal journal({.entries = 100, .bytes = 10});
  journal.Append(Entry("123456"));
  journal.Append(Entry("123456"));
  EXPECT_EQ(journal.Entries().size(), 1u);
  journal.Append(Entry(std::string(100, 'x')));
  EXPECT_EQ(journal.Entries().size(), 1u);
}

TEST(Journal, AReplyThatAnUpdateAddsCountsAsWell) {
  Journal journal({.entries = 100, .bytes = 20});
  journal.Append(Entry("1234"));
  const auto second = journal.Append(Entry("1234"));
  auto action = std::make_shared<Action>();
  action->reply = Reply{.body = std::string(100, 'x')};
  journal.Update(second, [&](JournalEntry& entry) { entry.action = action; });
  ASSERT_EQ(journal.Entries().size(), 1u);
  EXPECT_EQ(journal.Entries().at(0).seq, 2u);
  journal.Update(second, [&](JournalEntry& entry) { entry.action = nullptr; });
  journal.Append(Entry("1234"));
  EXPECT_EQ(journal.Entries().size(), 2u);
}

TEST(Journal, WhatAnEntryRepeatsOfItsRequestAndOfTheScenarioCountsAsWell) {
  for (const auto& enlarge : std::vector<void (*)(JournalEntry&, Reply&)>{
           [](JournalEntry&entry, Reply&) { entry.model = std::string(100, 'm'); },
           [](JournalEntry&, Reply&reply) { reply.text = std::string(100, 't'); },
           [](JournalEntry&, Reply&reply) {
             reply.tool_calls = {{.id = "", .name = "call", .arguments = std::string(100, 'a')}};
           }}) {
    Journal journal({.entries = 100, .bytes = 150});
    for (int i = 0; i < 2; ++i) {
      JournalEntry entry = Entry("1234");
      Reply reply;
      enlarge(entry, reply);
      entry.action = std::make_shared<const Action>(Action{.reply = reply});
      journal.Append(std::move(entry));
    }
    EXPECT_EQ(journal.Entries().size(), 1u);
  }
}

TEST(Journal, AnUpdateAfterClearTouchesNoNewEntry) {
  Journal journal;
  const auto old = journal.Append(Entry("old"));
  journal.Clear();
  journal.Append(Entry("new"));
  journal.Update(old, [](JournalEntry& entry) { entry.body = "wrong"; });
  EXPECT_EQ(journal.Entries().at(0).body, "new");
  EXPECT_EQ(journal.Entries().at(0).seq, 1u);
}

TEST(Journal, TheLongestSilenceCountsFromArrivalOverEveryByteToTheEnd) {
  JournalEntry entry;
  entry.arrival_ms = 100;
  NoteSilence(entry, 150);
  EXPECT_EQ(entry.silence_ms, 50);
  entry.last_byte_ms = 150;
  NoteSilence(entry, 160);
  EXPECT_EQ(entry.silence_ms, 50);
  NoteSilence(entry, 300);
  EXPECT_EQ(entry.silence_ms, 150);
}

TEST(Journal, WhatHasBeenReadStaysAsItWasAndSharesWhatDoesNotChange) {
  Journal journal;
  journal.Append(Entry("a"));
  const auto second = journal.Append(Entry("b"));
  const JournalView before = journal.Snapshot();
  journal.UpdateNumbers(second, [](JournalEntry& entry) { entry.bytes = 5; });
  const JournalView after = journal.Snapshot();
  EXPECT_EQ(&before[0], &after[0]) << "read without a copy";
  EXPECT_EQ(before[1].bytes, 0u);
  EXPECT_EQ(after[1].bytes, 5u);
  journal.Clear();
  EXPECT_EQ(before[1].body, "b");
}

TEST(Journal, ARangeIsReadBitByBitWhateverComesAndGoesMeanwhile) {
  Journal journal({.entries = 4, .bytes = 1000});
  for (const char* body : {"1", "2", "3"}) journal.Append(Entry(body));
  Journal::Range range = journal.All();
  const JournalView first = journal.Read(range, 1, 1000);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].seq, 1u);
  for (const char* body : {"4", "5", "6"}) journal.Append(Entry(body));
  const JournalView rest = journal.Read(range, 10, 1000);
  ASSERT_EQ(rest.size(), 1u) << "one was dropped, and what came later is not of the range";
  EXPECT_EQ(rest[0].seq, 3u);
  EXPECT_TRUE(range.Empty());
  range = journal.All();
  journal.Clear();
  journal.Append(Entry("new"));
  EXPECT_TRUE(journal.Read(range, 10, 1000).empty());
  EXPECT_TRUE(range.Empty());
}

TEST(Journal, WhatIsReadAtOnceHasABoundInBytesThatOneEntryMayExceed) {
  Journal journal;
  for (int i = 0; i < 4; ++i) journal.Append(Entry(std::string(100, 'x')));
  Journal::Range range = journal.All();
  EXPECT_EQ(journal.Read(range, 10, 150).size(), 2u);
  EXPECT_EQ(journal.Read(range, 10, 1).size(), 1u);
}

class Recorder : public JournalObserver {
 public:
  void Arrived(const JournalEntry& entry) override { heard += "+" + std::to_string(entry.seq); }
  void Ended(const JournalEntry& entry) override { heard += "-" + std::to_string(entry.seq); }
  void Cleared() override { heard += "*"; }
  std::string heard{};
};

TEST(Journal, ItsObserverHearsOfEachArrivalAndOfEachEndOnce) {
  Recorder recorder;
  Journal journal({.entries = 2, .bytes = 1000});
  journal.Observe(recorder);
  const auto first = journal.Append(Entry("a"));
  const auto second = journal.Append(Entry("b"));
  for (int round = 0; round < 2; ++round) {
    journal.Update(first, [](JournalEntry& entry) { entry.end_ms = 5; });
  }
  journal.Append(Entry("c"));
  journal.Append(Entry("d"));
  journal.Update(second, [](JournalEntry& entry) { entry.end_ms = 5; });
  journal.Clear();
  EXPECT_EQ(recorder.heard, "+1+2-1+3+4-2*");
}

TEST(Journal, AWaitEndsWhenItsPredicateHoldsAndNotBefore) {
  Journal journal;
  std::thread writer([&] {
    const auto ticket = journal.Append(Entry("a"));
    journal.Update(ticket, [](JournalEntry& entry) { entry.end_ms = 5; });
  });
  EXPECT_TRUE(journal.WaitFor(milliseconds(10'000), [](const auto& entries) {
    return entries.size() == 1 && entries[0].end_ms.has_value();
  }));
  writer.join();
}

TEST(Journal, WhoWaitsForEndsWaitsForThoseThatAreKnownAndOpen) {
  Journal journal({.entries = 2, .bytes = 1000});
  const milliseconds none(0);
  EXPECT_TRUE(journal.WaitForEnds(none));
  const auto end = [&](const Journal::Ticket& ticket) {
    journal.UpdateNumbers(ticket, [](JournalEntry& entry) { entry.end_ms = 5; });
  };
  journal.Append(Entry("dropped while it is open"));
  const auto second = journal.Append(Entry("b"));
  const auto third = journal.Append(Entry("c"));
  end(second);
  end(second);
  EXPECT_FALSE(journal.WaitForEnds(none));
  end(third);
  EXPECT_TRUE(journal.WaitForEnds(none));
  journal.Append(Entry("forgotten"));
  journal.Clear();
  EXPECT_TRUE(journal.WaitForEnds(none));
  JournalEntry ended = Entry("ended when it comes");
  ended.end_ms = 5;
  journal.Append(ended);
  EXPECT_TRUE(journal.WaitForEnds(none));
}

TEST(Journal, AWaitForWhatNeverComesEnds) {
  Journal journal;
  EXPECT_FALSE(journal.WaitFor(milliseconds(1), [](const auto& entries) { return !entries.empty(); }));
}

}  // namespace
}  // namespace mock_provider
