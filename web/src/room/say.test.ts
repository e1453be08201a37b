import type { JournalEntry, Phrase } from '@songxanh/wire/room';
import i18next from 'i18next';
import { en } from '../i18n/en.ts';
import { vi } from '../i18n/vi.ts';
import { sayIn } from './say.ts';

const junction = {
  ...{ id: 'J4', name: 'Phố Tre', position: { lon: 0, lat: 0 }, detectors: [], plans: [] },
  groups: [
    {
      ...{ id: 'N', kind: 'vehicle', name: 'N', countdown: { green: 'none', red: 'none' } },
      ...{ arms: ['N'] as const, turns: ['left', 'through'] as const, lanes: [] },
    },
  ],
  stages: [{ id: 'onlyN', name: 'onlyN', green: ['N'] }],
};
const say = (lng: 'en' | 'vi') => {
  const i18n = i18next.createInstance();
  void i18n.init({ lng, initAsync: false, resources: { en: { translation: en }, vi: { translation: vi } } });
  return sayIn([junction], i18n.t, lng);
};

describe('the log in the words of the page', () => {
  test.each<[Phrase, string, string]>([
    [{ say: 'text', text: 'Ùn tắc' }, 'Ùn tắc', 'Ùn tắc'],
    [{ say: 'words', words: { en: 'Flood', vi: 'Ngập' } }, 'Flood', 'Ngập'],
    [{ say: 'for', seconds: 890 }, '15 minutes', '15 phút'],
    [{ say: 'order', order: 'all-red' }, 'All red', 'Đỏ toàn bộ'],
    [{ say: 'order', order: 'stage', name: 'onlyN' }, 'Stage: North: all turns', 'Pha: Bắc: mọi hướng'],
    [{ say: 'order', order: 'plan', name: 'am-peak' }, 'Plan: morning peak', 'Kế hoạch: cao điểm sáng'],
    [{ say: 'ended', of: 'lan', count: 1 }, 'lan: 1 order ended', 'lan: 1 lệnh kết thúc'],
    [{ say: 'taken-from', who: 'lan' }, 'from lan', 'từ lan'],
    [{ say: 'refused', why: 'locked', text: 'J4 is held' }, 'Somebody else holds this junction.', 'Người khác đang giữ nút này.'],
    [{ say: 'refused', why: 'something-new', text: 'In full' }, 'In full', 'In full'],
    [{ say: 'reached', junction: 'J4', seconds: 10 }, 'Phố Tre: reached in 10 s', 'Phố Tre: đạt được sau 10 giây'],
    [{ say: 'reached', junction: 'J4', seconds: null }, 'Phố Tre: not reached', 'Phố Tre: không đạt được'],
    [{ say: 'outcome', outcome: 'given', junctions: ['J4'] }, 'ordered: Phố Tre', 'đã ra lệnh: Phố Tre'],
    [{ say: 'summary', done: 1, late: 2, missed: 3 }, '1 done, 2 late, 3 missed', '1 xong, 2 trễ, 3 bỏ lỡ'],
    [
      { say: 'alarm', alarm: 'process-down', detail: 'agent agent-1' },
      'A process is down: controller agent agent-1',
      'Một tiến trình đã ngừng: bộ điều khiển nút agent-1',
    ],
    [
      { say: 'alarm', alarm: 'without-optimizer', detail: 'centre-silent' },
      'Junction runs without the optimizer: the centre is silent',
      'Nút chạy không có bộ tối ưu: trung tâm im lặng',
    ],
    [{ say: 'report-state', code: 'AB', state: 'solved' }, 'AB: solved', 'AB: đã xong'],
    [{ say: 'account', name: 'lan', role: 'operator' }, 'lan as operator', 'lan, người vận hành'],
  ])('%j', (phrase, english, vietnamese) => {
    expect([say('en').phrases([phrase], 'J4'), say('vi').phrases([phrase], 'J4')]).toEqual([english, vietnamese]);
  });

  test('an entry of before there were codes keeps its sentence', () => {
    const entry: JournalEntry = { seq: 1, at: 0, kind: 'lock-taken', by: 'lan', detail: '900 s', outcome: 'done' };
    expect(say('vi').entry(entry)).toBe('900 s');
    expect(say('vi').entry({ ...entry, says: [{ say: 'drill' }, { say: 'for', seconds: 60 }] })).toBe('diễn tập · 60 giây');
  });
});
