/** Colours are named after what they say; the diagram reads the same names. */
const light = `
--bg:#f4f5f7;--panel:#ffffff;--raised:#eef0f4;--ink:#171b22;--soft:#566072;--line:#d9dde4;--accent:#2350c0;
--ok:#22805a;--fail:#a85d00;--unknown:#6f43bf;--bad:#bf2138;--bad-soft:#fbe9ec;--message:#8699bb;--lost:#cf3a50;
--down:#f6d7dc;--absent:#eceef2;--change:#dfe7fb;--fault:#f3e3c3;--fault-ink:#7a4b00;--heal:#eef6f1;--lane:#e3e6ec;--lit:#ffd34d;color-scheme:light;`;
const dark = `
--bg:#101318;--panel:#171b22;--raised:#212732;--ink:#e7eaf0;--soft:#9ca7b8;--line:#2c3440;--accent:#8ab0ff;
--ok:#52c794;--fail:#f1ad52;--unknown:#b99aff;--bad:#ff7385;--bad-soft:#35191f;--message:#566b90;--lost:#ff6478;
--down:#4a1f28;--absent:#22262e;--change:#1f2c4a;--fault:#3b2f17;--fault-ink:#f0c878;--heal:#15211c;--lane:#272e39;--lit:#ffd34d;color-scheme:dark;`;

export const pageStyle = `:root{${light}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
:root[data-theme=dark]{${dark}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scrollbar-gutter:stable}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,h2,h3,p,dl,dd,ul,ol{margin:0;padding:0}
code,pre,.mono,td{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99em}
.skip:focus{left:12px;top:12px;background:var(--panel);padding:8px;z-index:9}
header{display:flex;flex-wrap:wrap;align-items:center;gap:8px 20px;padding:18px 24px 14px;max-width:1720px;margin:0 auto}
.brand{color:var(--soft);font-size:12px;letter-spacing:.08em;text-transform:uppercase}
h1{font-size:24px;line-height:1.2;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:16px;font-weight:650}
h3{font-size:13px;font-weight:650}
.verdict{padding:4px 12px;border-radius:99px;background:var(--raised);color:var(--soft);font-weight:600;font-size:13.5px}
.verdict.good{color:var(--ok)}.verdict.bad{color:var(--bad);background:var(--bad-soft)}.verdict.notable{color:var(--fail)}
#theme{margin-left:auto;width:36px;padding:4px}
main{max-width:1720px;margin:0 auto;padding:0 24px 40px;display:grid;gap:16px}
main>*{min-width:0}
.card{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:16px 18px}
.quiet{color:var(--soft);font-size:13px;font-weight:500}
.problem{max-width:720px;margin:24px auto;padding:16px 20px;border:1px solid var(--bad);border-radius:12px;background:var(--bad-soft);color:var(--bad)}
.replay{display:flex;flex-wrap:wrap;gap:8px 28px;align-items:center}
.command{display:flex;gap:8px;align-items:center;min-width:0;max-width:100%}
.command code{min-width:0;padding:6px 12px;background:var(--panel);border:1px solid var(--line);border-radius:8px;overflow-x:auto;white-space:nowrap}
button,select,input{font:inherit;font-size:13.5px;color:inherit;background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:5px 11px;min-height:32px}
button{cursor:pointer}button:hover{border-color:var(--soft)}
button:disabled{opacity:.55;cursor:default}
select{max-width:180px}
input[type=search]{width:180px}
.group{display:inline-flex}.group button{border-radius:0;margin-left:-1px}.group button:first-child{border-radius:8px 0 0 8px}.group button:last-child{border-radius:0 8px 8px 0}
#facts{display:flex;flex-wrap:wrap;gap:2px 24px}
#facts div{display:flex;gap:8px;font-size:13px}
dt{color:var(--soft)}
.choices{display:flex;flex-wrap:wrap;gap:6px;margin-bottom:12px;max-height:112px;overflow-y:auto;padding:2px}
.choices button{font-size:12.5px;min-height:28px;padding:2px 10px;border-radius:99px;color:var(--bad)}
.choices button.expected{color:var(--fail)}
.choices button[aria-pressed=true]{background:var(--panel);border-color:currentColor;box-shadow:inset 0 0 0 1px currentColor;font-weight:600}
#violations:empty{display:none}
.violation{border-left:4px solid var(--bad)}
.violation.expected{border-left-color:var(--fail)}
.violation h2{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
.violation .badge{font-size:12px;font-weight:600;color:var(--bad)}
.violation.expected .badge{color:var(--fail)}
.violation p{margin:6px 0;max-width:110ch}
.certificate{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,560px),1fr));gap:6px 12px;margin:10px 0 6px;padding:0;list-style:none}
.certificate button{display:grid;grid-template-columns:72px auto minmax(0,1fr) auto;gap:2px 16px;width:100%;text-align:left;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px}
.certificate .result{text-align:right}
.more{margin-top:4px}
ul.notes{padding-left:18px;color:var(--soft);font-size:13.5px}
.bar{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;justify-content:space-between;margin-bottom:8px}
.tools{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center}
.tools label{display:inline-flex;gap:6px;align-items:center;color:var(--soft);font-size:13px}
.tools label>*{color:var(--ink)}
#found{min-height:20px;margin-bottom:4px}
.split{display:grid;grid-template-columns:minmax(0,1fr) 400px;gap:16px}
.stage{min-width:0}
#scroller{overflow-y:auto;max-height:72vh;border:1px solid var(--line);border-radius:8px;background:var(--panel)}
#diagram{display:block;width:100%;cursor:grab;touch-action:pan-y}
#diagram:focus-visible{outline-offset:-3px}
#diagram.dragging{cursor:grabbing}
#overview{display:block;width:100%;height:44px;margin-top:8px;border:1px solid var(--line);border-radius:8px;cursor:ew-resize;touch-action:none}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:8px;list-style:none;font-size:12.5px;color:var(--soft)}
.legend li{display:inline-flex;gap:7px;align-items:center}
.legend svg{flex:none}
#detail{border:1px solid var(--line);border-radius:8px;padding:12px 14px;overflow:auto;height:0;min-height:max(100%,460px);font-size:13.5px}
#detail h3{margin:14px 0 4px}
#detail .what{font-size:15px;font-weight:600;overflow-wrap:anywhere}
#detail pre{margin:4px 0;padding:8px 10px;background:var(--raised);border-radius:6px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.chain{list-style:none;display:grid;grid-template-columns:minmax(0,1fr);gap:2px}
.chain button{display:flex;gap:8px;width:100%;text-align:left;background:none;border-color:transparent;padding:2px 6px;min-height:24px;font-size:12.5px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.chain button:hover{background:var(--raised)}
.chain .at{color:var(--soft);white-space:nowrap}
.chain .text{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.chain [aria-current]{background:var(--raised);border-color:var(--accent)}
#explanation-body{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:4px 32px}
#explanation-body h3{margin:10px 0 6px}
.story{list-style:none;display:grid;gap:3px}
.story li{display:grid;grid-template-columns:40px 96px minmax(0,1fr);gap:10px;align-items:baseline}
.story button{min-height:26px;padding:0;border-radius:99px;font-weight:600;font-variant-numeric:tabular-nums;color:var(--accent)}
.story .at{color:var(--soft);text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.story li>:last-child,.parts li{overflow-wrap:anywhere}
.parts{list-style:none;display:grid;gap:3px}
.parts button{min-height:26px;padding:1px 10px;margin-right:6px}
table.narrow{width:auto}
.changes{list-style:none;display:grid;gap:3px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12.5px}
.changes li{padding:3px 8px;background:var(--raised);border-radius:6px;overflow-wrap:anywhere}
.changes .path{color:var(--soft);margin-right:8px}
del{color:var(--bad);text-decoration:none}del::before{content:"− "}
ins{color:var(--ok);text-decoration:none}ins::before{content:"+ "}
.row{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0}
details>summary{cursor:pointer;color:var(--soft);font-size:13px;padding:4px 0}
#key-list{display:grid;grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:4px 20px;font-size:13px}
#key-list div{display:flex;gap:10px}
kbd{font:inherit;font-family:ui-monospace,Menlo,Consolas,monospace;background:var(--raised);border:1px solid var(--line);border-radius:5px;padding:0 6px;white-space:nowrap}
#order{overflow:auto;max-height:620px}
#order svg{display:block;min-width:760px;max-width:1240px}
#order svg text{fill:var(--ink);font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
#order svg .soft{fill:var(--soft)}
#order p{margin:4px 0 10px;max-width:110ch}
.scroll{overflow:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:4px 12px;white-space:nowrap;border-bottom:1px solid var(--line)}
th{font-size:12.5px;color:var(--soft);font-weight:600;background:var(--raised)}
td.wide{white-space:normal;overflow-wrap:anywhere;min-width:320px}
tr[aria-selected=true] td{background:var(--raised);box-shadow:inset 3px 0 0 var(--accent)}
td button{min-height:24px;padding:0 6px;font:inherit;font-size:12.5px;background:none;border-color:transparent;color:var(--accent);text-decoration:underline}
td.num,th.num{text-align:right}
#plan{max-height:60vh;overflow:auto;background:var(--raised);padding:12px;border-radius:8px}
@media (max-width:1080px){.split{grid-template-columns:minmax(0,1fr)}#detail{height:auto;max-height:80vh;min-height:0}}
@media (max-width:640px){.story li{grid-template-columns:34px minmax(0,1fr)}.story .at{text-align:left}.story li>:last-child{grid-column:2}header{padding:14px}main{padding:0 10px 24px;gap:12px}.card{padding:12px}h1{font-size:19px}.certificate button{grid-template-columns:1fr auto}.certificate .request{grid-column:1/-1}.certificate .result{grid-column:1/-1;text-align:left}input[type=search]{width:100%}.tools label{flex:1 1 40%}.tools select{flex:1;min-width:0}}
@media (prefers-reduced-motion:no-preference){button,select,input{transition:border-color .12s}}
@media print{#theme,.tools,#overview,#keys-help{display:none}}
`;
