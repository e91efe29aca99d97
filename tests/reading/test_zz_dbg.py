import time
from tests.reading.asking import *
from libs.reading.bounds import Limits
async def test_x(reading):
    deep="seats(first:1){nodes{organisation{hiddenFields seats(first:1){nodes{organisation{hiddenFields seats(first:1){nodes{organisation{hiddenFields name}}}}}}}}}"
    for n in (1,4,11):
      text="{"+" ".join(f"a{i}: organisations(first: 1){{nodes{{hiddenFields {deep} people(first:1){{hiddenFields}}}}}}" for i in range(n))+"}"
      docs=Documents(REGISTRY.schema, Limits())
      t=time.perf_counter(); d=docs.find(text); t1=time.perf_counter()
      v=reading.viewers["npo"]
      plan=reading.engine._plan(d,("x",),{},v,operation=d.operation(None)); t2=time.perf_counter()
      print(n,"parse",t1-t,"compile",t2-t1,"sql",len(plan.sql),"cost",plan.cost.of({}))
      t=time.perf_counter(); r=await reading.engine.read(d,d.operation(None),{},v); print("read1 incl compile",time.perf_counter()-t)
      t=time.perf_counter(); r=await reading.engine.read(d,d.operation(None),{},v); print("read2",time.perf_counter()-t, len(r.json))
